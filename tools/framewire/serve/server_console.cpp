#include "server_console.hpp"

#include "cli/python_text.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {
namespace {

// Every message that a person could read is shown whole; one that is larger shows its beginning,
// so that a payload of gigabytes passes without being kept.
constexpr std::size_t shown_bytes_max = 4 * MiB;

// Of its own accord, in a frame or between two, politely or not.
bool has_left(const close_reason& why) noexcept {
    if (why.error == nullptr) return why.what == close_reason::kind::by_peer;
    return why.error->code == errc::frame_truncated || why.error->code == errc::io_reset;
}

}  // namespace

void server_console::started(const endpoint& at) {
    const std::lock_guard lock(mutex_);
    say(wording_.started, {.local = at, .remote = {}});
    to_.write(std::exchange(pending_, {}));
}

void server_console::opened(const peer& who) {
    const std::lock_guard lock(mutex_);
    ++open_;
    say(wording_.opened, who);
}

void server_console::received(const peer& who, const piece& part, std::uint64_t /*offset*/) {
    const std::lock_guard lock(mutex_);
    if (part.whole()) return say(wording_.message, who, part.payload);
    auto& message = unfinished_[who.id];
    message.size += part.payload.size();
    message.beginning += part.payload.substr(0, shown_bytes_max - message.beginning.size());
    if (!part.last) return;
    if (message.size > message.beginning.size()) {
        message.beginning += fmt::format("... ({} bytes)", message.size);
    }
    say(wording_.message, who, message.beginning);
    unfinished_.erase(who.id);
}

void server_console::closed(const peer& who, const close_reason& why) {
    const std::lock_guard lock(mutex_);
    --open_;
    unfinished_.erase(who.id);
    if (why.error != nullptr && !wording_.failed.empty()) {
        say(wording_.failed, who, {}, why.error->words);
    } else if (has_left(why)) {
        say(wording_.peer_left, who);
    }
    say(wording_.closed, who);
}

void server_console::batch_ended() {
    const std::lock_guard lock(mutex_);
    if (!pending_.empty()) to_.write(std::exchange(pending_, {}));
}

void server_console::say(std::string_view wording, const peer& who, bytes payload,
                         std::string_view words) {
    if (wording.empty()) return;
    const bool as_literal = wording.find("{literal}") != std::string_view::npos;
    pending_ += fmt::format(
        fmt::runtime(wording), fmt::arg("address", who.local.text()),
        fmt::arg("host", who.local.host), fmt::arg("local", python_address(who.local)),
        fmt::arg("peer", python_address(who.remote)), fmt::arg("count", open_),
        fmt::arg("text", as_literal ? "" : console_text(payload)),
        fmt::arg("literal", as_literal ? python_bytes(payload) : ""), fmt::arg("words", words));
}

}  // namespace framewire
