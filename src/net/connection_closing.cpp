#include "connection.hpp"
#include "framewire/service/detail/peer_link.hpp"

#include <sys/socket.h>
#include <cerrno>
#include <exception>
#include <new>
#include <string>
#include <utility>

namespace framewire {
namespace {

// The peer is gone or does not read, so that queued output cannot reach it; or it must free memory
// at once.
bool is_past_saving(errc code) noexcept {
    return code == errc::io_reset || code == errc::io_failed || code == errc::io_timeout_write ||
           code == errc::limit_memory || code == errc::limit_drain ||
           code == errc::limit_handshakes;
}

}  // namespace

void connection::close(close_reason::kind why) noexcept {
    if (!is_serving(state_)) return;
    why_ = why;
    enter(connection_event::close);
}

// Where memory is short, an error has no words of its own.
std::string connection::words_if_possible(bytes words) noexcept {
    try {
        return std::string(words);
    } catch (const std::bad_alloc&) {
        return {};
    }
}

// Within a handler.
void connection::fail_as_thrown() noexcept {
    wire_error error{errc::io_failed, session_.offset(), {}};
    try {
        throw;
    } catch (const std::bad_alloc&) {
        error.code = errc::limit_memory;
        loop_.release_reserve();
    } catch (const std::exception& thrown) {
        error.words = words_if_possible(thrown.what());
    } catch (...) {
        error.words = words_if_possible("the service threw");
    }
    fail(std::move(error));
}

// An error that only the connection detects; the session stores it like its own.
void connection::fail(wire_error error) noexcept {
    if (state_ == state::closed) return;
    const auto code = error.code;
    session_.give_up(std::move(error));
    close_after(code);
}

// The close reason is the session's first error; this one may be later.
void connection::close_after(errc error) noexcept {
    if (why_ != close_reason::kind::by_error && !is_over(state_)) {
        loop_.counters().failed(session_.failure()->code);
        why_ = close_reason::kind::by_error;
    }
    enter(connection_event::close);
    if (is_past_saving(error)) abort();
}

// Nothing is left to read, and nothing is owed.
void connection::stop_service() {
    if (!is_established()) return close(close_reason::kind::by_drain);
    if (service_closes_) return;
    {
        const loop_outbox::call call(loop_.replies(), *this);
        service_closes_ = service_->stopping(loop_.replies());
    }
    if (!service_closes_) return close(close_reason::kind::by_drain);
    run_cycle_soon();
}

// Nothing is owed any more.
void connection::end_sending() {
    if (wire_ && !close_wire()) return;
    if (state_ == state::closing) return shut_down();
    shuts_down_ = false;
    (void)::shutdown(socket_.get(), SHUT_WR);
}

// An accepted connection shuts down our side, and lingers until the peer notices. The end that
// connected decides when it is over; a reset tells the peer that its last frame is not complete.
void connection::shut_down() {
    enter(connection_event::sent);
    if (plan_->role == connection_role::connected) {
        if (session_.frame_open()) reset_on_close(socket_.get());
        return enter(connection_event::end);
    }
    const bool gone = ::shutdown(socket_.get(), SHUT_WR) != 0;
    if (session_.peer_finished() || gone) return enter(connection_event::end);
    linger_until_ = loop_.now() + linger_time;
}

void connection::discard() noexcept {
    auto& buffer = loop_.receive_buffer();
    const auto size = receive_some(socket_.get(), buffer);
    if (size > 0) discarded_ += static_cast<std::size_t>(size);
    const bool ended = size == 0 || (size < 0 && !is_transient(errno));
    if (ended || discarded_ >= discarded_bytes_max) enter(connection_event::end);
}

void connection::drain() noexcept {
    if (state_ == state::closed) return;
    enter(connection_event::drain);
    readable_ = true;
    run_cycle_soon();
}

void connection::stop_waiting() noexcept {
    guarded([this] { fail(from_system(loop_.broken(), session_.offset())); });
}

// One that has nothing left to do only lacked the time to notice.
void connection::cut_off() noexcept {
    const bool done = is_serving(state_) && !service_closes_ && !owes() && session_.at_rest();
    if (done || state_ == state::lingering) return abort();
    fail({errc::limit_drain, session_.offset(), {}});
}

void connection::abort() noexcept {
    if (state_ == state::closed) return;
    if (is_serving(state_)) why_ = close_reason::kind::by_drain;
    // A lingering connection has sent everything; a reset could erase it.
    if (state_ != state::lingering) reset_on_close(socket_.get());
    enter(connection_event::abort);
}

void connection::withhold(bool yes) noexcept {
    is_withheld_ = yes;
    session_.withhold(yes || is_paused_);
    run_cycle_soon();
}

bool connection::is_at_rest() const noexcept {
    return state_ == state::open && session_.at_rest() && !owes() && !has_output();
}

// Nothing is lost by closing at once.
void connection::evict() noexcept {
    session_.give_up(errc::limit_evicted, {});
    loop_.counters().failed(errc::limit_evicted);
    why_ = close_reason::kind::by_error;
    enter(connection_event::abort);
}

void connection::enter(connection_event what) noexcept {
    const auto before = std::exchange(state_, next_state(state_, what));
    if (is_serving(before) && !is_serving(state_)) stop_serving();
    if (is_over(state_) && !is_over(before)) notify_closed();
    if (state_ == state::closed && before != state::closed) release();
}

// The service is not called any more, but replies that it has deferred may still be given.
void connection::stop_serving() noexcept {
    session_.abandon_frame();
    if (wire_) loop_handshakes::end(wire_->handshake, *plan_);
    if (link_) link_->refuse_pushes();
}

void connection::notify_closed() noexcept {
    const bool failed = why_ == close_reason::kind::by_error;
    const close_reason why{why_, failed ? session_.failure() : nullptr};
    const auto dropped = link_ ? link_->dropped() : 0;
    if (link_) link_->cut();
    if (!is_established()) return notify_refused(why);
    passed_.duration = std::chrono::steady_clock::now() - opened_;
    loop_.counters().was_closed(why_);
    loop_.survive([&] { service_->left(why); });
    loop_counters::add(loop_.counters().dropped, dropped);
    if (dropped > 0) notify(occurred::dropped{dropped});
    notify(occurred::closed{why, passed_});
    if (observes_traffic_) notify(occurred::batch_ended{});
}

// Nobody has been notified of the connection.
void connection::notify_refused(const close_reason& why) noexcept {
    loop_counters::add(loop_.counters().refused, 1);
    if (service_) loop_.survive([&] { service_->left(why); });
    if (why.error != nullptr) notify(occurred::refused{why.error->code, why.error->words});
}

void connection::release() noexcept {
    session_.drop_output();
    // A program that is being started has a copy of the descriptor, and would keep it in the
    // poller.
    if (is_polled_) loop_.waiting().remove(socket_.get());
    socket_.close();
    timer_hook::unlink();
    soon_hook::unlink();
    loop_.holders().charge(*this, 0, plan_->memory);
    plan_->addresses.remove(host_);
    plan_->open.fetch_sub(1);
    // A member function is still running, so the loop destroys the object later.
    loop_.retire(*this);
}

}  // namespace framewire
