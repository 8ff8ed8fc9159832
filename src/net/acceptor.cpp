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
    if (!has_memory()) return pause();
    for (int i = 0; i < accepts_per_cycle && listener_.is_open(); ++i) {
        if (!accept_one()) return;
    }
}

// False if no more should be accepted in this cycle.
bool acceptor::accept_one() {
    auto next = accept_connection(listener_.get());
    const int error = errno;
    if (next.descriptor.is_open()) {
        open(std::move(next));
        return true;
    }
    switch (after_failed_accept(error)) {
        case accept_advice::retry: return true;
        case accept_advice::wait: break;
        case accept_advice::pause: pause(error); break;
    }
    return false;
}

bool acceptor::has_memory() noexcept {
    return loop_.regain_reserve() && plan_->memory->held() <= plan_->memory->accepting_max();
}

void acceptor::open(connected_socket socket) {
    loop_counters::add(loop_.counters().accepted, 1);
    const auto from = socket.remote;
    const auto opened = loop_.open(plan_, std::move(socket));
    if (!opened) refuse(opened.error(), from);
}

void acceptor::refuse(const refusal& how, const socket_address& from) noexcept {
    loop_.counters().failed(how.why);
    if (plan_->observer == nullptr) return;
    loop_.survive([&] {
        const auto words = how.error == 0 ? std::string() : system_words(how.error);
        peer who;
        if (from.size != 0) who.remote = endpoint_of(from);
        plan_->notify(who, occurred::refused{how.why, words}, loop_.counters());
    });
}

// Meanwhile the connection waits in the backlog, so nothing is lost, and open ones continue.
void acceptor::pause(int why) {
    const bool none_left = why == EMFILE || why == ENFILE;
    refuse({none_left ? errc::limit_fd : errc::io_failed, none_left ? 0 : why}, {});
    pause();
}

void acceptor::pause() {
    loop_.waiting().remove(listener_.get());
    loop_.timers().arm(*this, std::chrono::steady_clock::now() + accept_pause);
}

time_point acceptor::on_timer(time_point now) {
    const bool resumed =
        has_memory() && loop_.waiting().add(listener_.get(), *this, {.readable = true});
    return resumed ? time_point::max() : now + accept_pause;
}

// Closing the listener resets connections in its backlog, so they are accepted first.
void acceptor::finish() {
    while (listener_.is_open()) {
        auto next = accept_connection(listener_.get());
        if (next.descriptor.is_open()) {
            open(std::move(next));
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
