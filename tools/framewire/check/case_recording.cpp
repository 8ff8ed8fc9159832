#include "case_recording.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <chrono>

namespace framewire {
namespace {

constexpr std::size_t text_bytes_max = 1 * MiB;

}  // namespace

case_recording::case_recording(const framing& frames, checked_end checked)
    : we_are_client_(checked == checked_end::server),
      printer_(std::chrono::steady_clock::now(), text_bytes_max),
      text_(printer_.begin(frames)) {
    printer_.keep_time();
}

void case_recording::ended(std::uint64_t connection, std::string_view how) {
    if (begin_line(connection)) text_ += fmt::format("{} {}\n", we_are_client_ ? '<' : '>', how);
}

void case_recording::add(std::uint64_t connection, bytes data, bool is_from_client) {
    if (!begin_line(connection)) return;
    const auto now = std::chrono::steady_clock::now();
    text_ += is_from_client ? printer_.from_peer(data, now) : printer_.to_peer(data, now);
}

// False if there is no room for it.
bool case_recording::begin_line(std::uint64_t connection) {
    if (text_.size() > text_bytes_max) return false;
    if (connection != current_) text_ += fmt::format("connection {}\n", connection);
    current_ = connection;
    return true;
}

}  // namespace framewire
