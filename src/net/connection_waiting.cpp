#include "connection.hpp"

#include <cerrno>
#include <exception>

namespace framewire {

bool connection::start() {
    constexpr interest input{.readable = true};
    if (!loop_.waiting().add(socket_.get(), *this, input)) return false;
    waits_for_ = input;
    if (observer() != nullptr) {
        observer()->opened(peer_);
        observer()->batch_ended();
    }
    wait();
    return true;
}

void connection::wait() {
    const bool owes = !session_.output().empty();
    if (state_ == state::draining && !readable_ && session_.at_rest()) {
        close(close_reason::kind::by_drain);
    }
    if (state_ == state::closing && !owes) shut_down();
    if (state_ == state::closed) return;
    const bool reads = is_serving(state_) && session_.wants_input();
    const bool decodes = is_serving(state_) && session_.can_continue();
    if (decodes || (reads && readable_)) run_cycle_soon();
    const bool lingers = state_ == state::lingering;
    wait_for({.readable = reads || lingers, .writable = owes});
    loop_.timers().arm(*this, lingers ? linger_until_ : session_.deadline());
}

// Without interest the descriptor must leave the poller, as errors would wake the loop forever.
void connection::wait_for(interest in) {
    if (in == waits_for_) return;
    auto& poller = loop_.waiting();
    if (in.none()) {
        poller.remove(socket_.get());
    } else if (!waits_for_.none()) {
        poller.change(socket_.get(), *this, in);
    } else if (!poller.add(socket_.get(), *this, in)) {
        return fail(from_system(errno, session_.offset()));
    }
    waits_for_ = in;
}

void connection::ready(interest found) {
    if (state_ == state::closed) return;
    readable_ = readable_ || found.readable;
    run_cycle();
}

void connection::run_cycle_soon() {
    if (!soon_hook::is_linked()) loop_.run_soon(*this);
}

void connection::run_again() {
    if (state_ != state::closed) run_cycle();
}

// An exception of a service, or a failed allocation, ends this connection and no other.
void connection::run_cycle() {
    try {
        cycle();
    } catch (const std::exception& thrown) {
        fail({errc::io_failed, session_.offset(), thrown.what()});
    } catch (...) {
        fail({errc::io_failed, session_.offset(), "the service threw"});
    }
}

time_point connection::on_timer(time_point now) {
    if (state_ == state::lingering) {
        if (now < linger_until_) return linger_until_;
        enter(connection_event::end);
        return time_point::max();
    }
    session_.tick(now);
    const auto due = session_.deadline();
    if (now < due) return due;
    // However late we are, input that arrived in time counts: read before checking the deadline.
    readable_ = true;
    run_cycle();
    if (state_ == state::closed) return time_point::max();
    if (const auto late = session_.expire()) {
        close_after(*late);
        wait();
    }
    return state_ == state::closed ? time_point::max() : session_.deadline();
}

}  // namespace framewire
