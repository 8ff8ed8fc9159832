#include "server_console.hpp"

#include "cli/python_text.hpp"
#include "cli/timestamp.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace framewire {
namespace {

// Escaped at once.
constexpr std::size_t slice_bytes = 4 * KiB;

// Kept of a payload that comes in pieces, for each connection.
constexpr std::size_t kept_bytes_max = 4 * KiB;

struct shown_text {
    std::string text{};
    std::size_t bytes_shown = 0;
};

// Bytes that are escaped take up to four times their room, so fewer of them are shown.
shown_text literal_of(bytes beginning, std::size_t text_bytes_max) {
    beginning = beginning.substr(0, std::max<std::size_t>(text_bytes_max / 4, slice_bytes));
    return {python_bytes(beginning), beginning.size()};
}

shown_text text_of(bytes beginning, std::uint64_t size, std::size_t text_bytes_max) {
    shown_text all;
    while (all.bytes_shown < beginning.size() && all.text.size() < text_bytes_max) {
        auto slice = beginning.substr(all.bytes_shown, slice_bytes);
        if (all.bytes_shown + slice.size() < size) slice = whole_characters(slice);
        if (slice.empty()) break;
        all.text += console_text(slice);
        all.bytes_shown += slice.size();
    }
    return all;
}

// True if the peer ended the connection, in whatever way.
bool has_left(const close_reason& why) noexcept {
    if (why.error == nullptr) return why.what == close_reason::kind::by_peer;
    return why.error->code == errc::frame_truncated || why.error->code == errc::io_reset;
}

}  // namespace

void server_console::started(const endpoint& at) {
    const std::lock_guard lock(mutex_);
    write_line(wording_.started, {.local = at, .remote = {}});
    to_.write(std::exchange(pending_, {}));
}

void server_console::on(const peer& who, const occurrence& what) {
    const std::lock_guard lock(mutex_);
    std::visit(
        overloaded{[&](const occurred::opened&) { opened(who); },
                   [&](const occurred::received& one) { received(who, one.payload); },
                   [&](const occurred::closed& end) { closed(who, end.why); },
                   [&](const occurred::batch_ended&) { batch_ended(); }, [](const auto&) {}},
        what);
}

void server_console::opened(const peer& who) {
    ++open_;
    write_line(wording_.opened, who);
}

void server_console::received(const peer& who, const piece& payload) {
    if (payload.whole()) {
        const auto& all = payload.payload;
        return show(who, all.substr(0, wording_.shown_bytes_max), all.size());
    }
    auto& message = unfinished_[who.id];
    message.size += payload.payload.size();
    message.beginning += payload.payload.substr(0, kept_bytes_max - message.beginning.size());
    if (!payload.last) return;
    show(who, message.beginning, message.size);
    unfinished_.erase(who.id);
}

void server_console::closed(const peer& who, const close_reason& why) {
    --open_;
    unfinished_.erase(who.id);
    if (why.error != nullptr && !wording_.failed.empty()) {
        write_line(wording_.failed, who, why.error->words);
    } else if (has_left(why)) {
        write_line(wording_.peer_left, who);
    }
    write_line(wording_.closed, who);
}

void server_console::batch_ended() {
    if (!pending_.empty()) to_.write(std::exchange(pending_, {}));
}

// Nothing is escaped for a line that is not written.
void server_console::show(const peer& who, bytes beginning, std::uint64_t size) {
    const auto wording = wording_.message;
    if (wording.empty() || !to_.admits()) return;
    const bool as_literal = wording.find("{literal}") != std::string_view::npos;
    const auto [text, shown] = as_literal ? literal_of(beginning, wording_.shown_bytes_max)
                                          : text_of(beginning, size, wording_.shown_bytes_max);
    const auto rest = shown < size ? fmt::format("... ({} bytes)", size) : std::string();
    add_line(wording, who, text + rest, {});
}

void server_console::write_line(std::string_view wording, const peer& who,
                                std::string_view words) {
    if (!wording.empty() && to_.admits()) add_line(wording, who, {}, words);
}

void server_console::add_line(std::string_view wording, const peer& who, std::string_view text,
                              std::string_view words) {
    auto line =
        fmt::format(fmt::runtime(wording), fmt::arg("address", who.local.text()),
                    fmt::arg("host", who.local.host), fmt::arg("local", python_address(who.local)),
                    fmt::arg("peer", python_peer(who)), fmt::arg("count", open_),
                    fmt::arg("text", text), fmt::arg("literal", text), fmt::arg("words", words));
    if (has_timestamps_) line = with_timestamps(line, timestamp());
    to_.charge(line.size());
    pending_ += line;
}

}  // namespace framewire
