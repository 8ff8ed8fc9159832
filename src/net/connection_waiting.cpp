#include "connection.hpp"
#include "framewire/net/server.hpp"
#include "framewire/service/detail/peer_link.hpp"

#include <sys/socket.h>
#include <algorithm>
#include <cerrno>

namespace framewire {

// Replies that are queued or deferred, and messages that were pushed and can be sent.
bool connection::owes() const noexcept { return session_.owes() || can_take_pushed(); }

bool connection::has_output() const noexcept {
    return !session_.output().empty() || (wire_ && !wire_->line->output().empty());
}

void connection::add_to(loop_load& sum) const noexcept {
    const auto queued = session_.output().size();
    ++sum.connections;
    sum.queued_bytes += queued;
    sum.queued_bytes_largest = std::max<std::uint64_t>(sum.queued_bytes_largest, queued);
    if (link_) sum.pushed_bytes += link_->waiting_bytes();
    sum.deferred_replies += session_.deferred();
    if (!is_serving(state_)) return;
    if (!is_established()) ++sum.handshaking;
    if (!waits_for_.readable) ++sum.not_read;
}

time_point connection::deadline() const noexcept {
    auto due = session_.deadline();
    if (prefix_) due = std::min(due, prefix_->due);
    if (wire_) due = std::min({due, wire_->due, wire_->resumes});
    if (is_paused_) due = std::min(due, pacing_->until);
    return due;
}

bool connection::can_take_pushed() const noexcept { return has_pushed_ && session_.can_push(); }

void connection::wait() {
    if (state_ == state::draining && !readable_ && !owes() && session_.at_rest()) stop_service();
    if ((state_ == state::closing || shuts_down_) && !owes()) end_sending();
    if (state_ == state::closed) return;
    const bool reads = is_serving(state_) && session_.wants_input();
    const bool decodes = is_serving(state_) && session_.can_continue() && !is_paused_;
    if (decodes || (reads && readable_) || can_take_pushed()) run_cycle_soon();
    const bool lingers = state_ == state::lingering;
    wait_for({.readable = reads || lingers, .writable = has_output()});
    loop_.timers().arm(*this, lingers ? linger_until_ : deadline());
}

void connection::wait_for(interest in) {
    if (in == waits_for_) return;
    auto& poller = loop_.waiting();
    if (is_polled_ || !in.none()) {
        const bool set = is_polled_ ? poller.change(socket_.get(), *this, in)
                                    : poller.add(socket_.get(), *this, in);
        if (!set) return fail(from_system(errno, session_.offset()));
        is_polled_ = true;
    }
    waits_for_ = in;
}

// Without interest in input or output only the end of both is reported. A reset is the end. What
// the peer sent before it ended its stream is still to be read; until then the descriptor must
// leave the poller, as it would wake the loop forever.
void connection::notice_end() {
    int error = 0;
    socklen_t size = sizeof error;
    (void)::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return fail(from_system(error, session_.offset()));
    loop_.waiting().remove(socket_.get());
    is_polled_ = false;
}

void connection::ready(interest found) noexcept {
    if (state_ == state::closed) return;
    guarded([&] {
        if (waits_for_.none()) return notice_end();
        note_active();
        readable_ = readable_ || found.readable;
        is_busy_ ? run_cycle_soon() : cycle();
    });
    relieve_memory();
}

// No connection is inside a function of its own then, so any may be ended.
void connection::relieve_memory() noexcept {
    if (loop_.holders().is_short()) loop_.holders().relieve();
}

void connection::run_cycle_soon() noexcept {
    if (!soon_hook::is_linked() && state_ != state::closed) loop_.run_soon(*this, is_busy_);
}

void connection::run_again() noexcept {
    if (state_ == state::closed) return;
    guarded([this] { cycle(); });
    relieve_memory();
}

time_point connection::on_timer(time_point now) noexcept {
    if (state_ == state::lingering) {
        if (now < linger_until_) return linger_until_;
        enter(connection_event::end);
        return time_point::max();
    }
    session_.tick(now);
    const auto due = deadline();
    if (now < due) return due;
    guarded([&] { check_deadline(now); });
    relieve_memory();
    return state_ == state::closed ? time_point::max() : deadline();
}

void connection::check_deadline(time_point now) {
    if (is_paused_ && now >= pacing_->until) end_pause();
    if (wire_ && now >= wire_->resumes) resume_handshake();
    // However late we are, input that arrived in time counts: read before checking the deadline.
    readable_ = true;
    cycle();
    if (state_ == state::closed) return;
    const auto late = session_.expire();
    if (late) close_after(*late);
    if (late || prefix_ || wire_) {
        if (prefix_) expire_prefix(now);
        if (wire_) expire_wire(now);
        wait();
    }
}

}  // namespace framewire
