// What a client does with what its connection reports.

#include "client_core.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {

void client_core::opened(const framewire::peer& who) {
    const std::lock_guard lock(peer_mutex_);
    peer_ = who;
    is_settled_ = true;
}

void client_core::received(bytes payload, outbox& replies) {
    attempts_ = 0;
    const auto id = settings_.id ? settings_.id(payload) : std::string();
    auto [what, then] = requests_.take(id);
    if (what == request_table::found::reply) return call(then, std::string(payload));
    // Without ids, a late reply would be taken for a message.
    if (what == request_table::found::late && (!settings_.id || !settings_.pushed)) return;
    if (settings_.pushed) return settings_.pushed(payload);
    keep(std::string(payload), replies);
}

void client_core::skipped(std::uint64_t size, outbox& replies) {
    wire_result<std::string> skipped = tl::unexpected(
        wire_error{errc::frame_too_large, 0, fmt::format("a frame of {} was skipped", size)});
    auto [what, then] = settings_.id ? request_table::match{} : requests_.take({});
    if (what == request_table::found::reply) return call(then, std::move(skipped));
    if (what == request_table::found::late || settings_.pushed) return;
    keep(std::move(skipped), replies);
}

void client_core::keep(wire_result<std::string> one, outbox& replies) {
    if (!receivers_.empty()) {
        auto first = std::move(receivers_.front());
        receivers_.pop_front();
        return call(first.then, std::move(one));
    }
    kept_.add(std::move(one));
    if (kept_.has_room()) return;
    // The reply that somebody waits for may be behind it.
    if (requests_.waiting() > 0) {
        kept_.drop_until_room();
    } else {
        paused_ = true;
        replies.pause();
    }
}

// No reply will come, even if what is queued can still be sent.
void client_core::peer_ended() {
    lost_ = error_with(errc::io_closed, "the peer closed the connection");
    usable_ = usable_ && connects_again();
    fail(requests_.take_sent(), *lost_);
}

// What comes next is settled first: those whose calls fail may ask whether the client is usable.
void client_core::left(const close_reason& why) noexcept {
    connection_ = nullptr;
    has_left_ = true;
    paused_ = false;
    if (why.error != nullptr) lost_ = copy_of(*why.error);
    if (!lost_) lost_ = error_with(errc::io_closed, "the connection was closed");
    const auto lost = *std::exchange(lost_, {});
    if (!std::exchange(is_settled_, true)) refused_ = copy_of(lost);
    if (!closing_) connects_again() ? reconnect_later(lost) : end(copy_of(lost));
    fail(requests_.take_sent(), lost);
    fail_others(lost);
}

bool client_core::connects_again() const noexcept {
    return settings_.reconnect.attempts_max > 0 && !sending_ended_ && !over_;
}

}  // namespace framewire
