#include "recording.hpp"

#include <fmt/format.h>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

namespace framewire {
namespace {

// Whole, however long: a recording is read by programs.
constexpr std::size_t line_bytes_max = static_cast<std::size_t>(-1);

time_point now() { return std::chrono::steady_clock::now(); }

}  // namespace

result<void> recording::prepare(const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return tl::unexpected(
            failure{fmt::format("cannot make the folder '{}': {}", folder, error.message())});
    }
    return {};
}

void recording::on(const peer& who, const occurrence& what) {
    const std::lock_guard lock(mutex_);
    if (std::holds_alternative<occurred::opened>(what)) return open(who);
    const auto found = open_.find(who.id);
    if (found == open_.end()) return;
    auto& one = found->second;
    auto& printer = one.printer;
    std::visit(overloaded{[&](const occurred::received_bytes& it) {
                              write(one, printer.from_peer(it.data, now()));
                          },
                          [&](const occurred::received& it) {
                              write(one, printer.frame(it.payload, it.offset));
                          },
                          [&](const occurred::sent_bytes& it) {
                              write(one, printer.to_peer(it.data, now()));
                          },
                          [&](const occurred::peer_ended&) {
                              write(one, printer.peer_ended(now()) + printer.finished());
                          },
                          [&](const occurred::closed& it) {
                              if (it.why.error != nullptr)
                                  write(one, printer.failed(*it.why.error, now()));
                              open_.erase(found);
                          },
                          [](const auto&) {}},
               what);
}

void recording::open(const peer& who) {
    const auto path = fmt::format("{}/{}.transcript", folder_, ++files_);
    conversation one{std::ofstream(path, std::ios::binary),
                     transcript_printer(now(), line_bytes_max)};
    one.printer.keep_time();
    auto& added = open_.insert_or_assign(who.id, std::move(one)).first->second;
    write(added, fmt::format("# {} to {}\n", who.remote.text(), who.local.text()) +
                     added.printer.begin(framing_));
}

void recording::write(conversation& one, const std::string& lines) {
    one.file << lines << std::flush;
    if (one.file || std::exchange(has_failed_, true)) return;
    report_(fmt::format("cannot write to '{}'", folder_));
}

}  // namespace framewire
