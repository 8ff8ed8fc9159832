#include "acceptor.hpp"

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace framewire {

acceptor::acceptor(event_loop& loop, std::shared_ptr<connection_plan> plan,
                   owned_descriptor listener)
    : loop_(loop), plan_(std::move(plan)), listener_(std::move(listener)) {
    if (!loop_.waiting().add(listener_.get(), *this, {.readable = true})) {
        throw std::system_error(errno, std::system_category(), "epoll");
    }
}

// Accepts a bounded number of connections, so that open ones are served during a storm.
void acceptor::ready(interest /*found*/) {
    constexpr int accepts_per_cycle = 64;
    for (int i = 0; i < accepts_per_cycle && listener_.is_open(); ++i) {
        if (!accept_one()) return;
    }
}

// False if no more should be accepted in this cycle.
bool acceptor::accept_one() {
    const int descriptor = accept_connection(listener_.get());
    if (descriptor >= 0) {
        open(descriptor);
        return true;
    }
    const int error = errno;
    switch (after_failed_accept(error)) {
        case accept_advice::retry: return true;
        case accept_advice::wait: break;
        case accept_advice::pause: pause(error); break;
    }
    return false;
}

void acceptor::open(int descriptor) {
    loop_counters::add(loop_.counters().accepted, 1);
    const auto opened = loop_.open(plan_, owned_descriptor(descriptor));
    if (!opened) refuse(opened.error());
}

void acceptor::refuse(errc why) {
    loop_.counters().failed(why);
    if (plan_->observer != nullptr) plan_->observer->on(peer{}, occurred::refused{why});
}

// Meanwhile the connection waits in the backlog, so nothing is lost, and open ones continue.
void acceptor::pause(int why) {
    refuse(why == EMFILE || why == ENFILE ? errc::limit_fd : errc::io_failed);
    loop_.waiting().remove(listener_.get());
    loop_.timers().arm(*this, std::chrono::steady_clock::now() + accept_pause);
}

time_point acceptor::on_timer(time_point now) {
    const bool resumed = loop_.waiting().add(listener_.get(), *this, {.readable = true});
    return resumed ? time_point::max() : now + accept_pause;
}

// Closing the listener resets connections in its backlog, so they are accepted first.
void acceptor::finish() {
    while (listener_.is_open()) {
        const int descriptor = accept_connection(listener_.get());
        if (descriptor >= 0) {
            open(descriptor);
        } else if (after_failed_accept(errno) != accept_advice::retry) {
            close();
        }
    }
}

// Other descriptors of the same socket keep it open, and would keep it in the poller.
void acceptor::close() {
    timer_hook::unlink();
    if (listener_.is_open()) loop_.waiting().remove(listener_.get());
    listener_.close();
}

}  // namespace framewire
