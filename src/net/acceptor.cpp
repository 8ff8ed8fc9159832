#include "acceptor.hpp"

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace framewire {

acceptor::acceptor(event_loop& loop, std::shared_ptr<connection_plan> plan,
                   owned_descriptor listener, bool is_kept)
    : loop_(loop), plan_(std::move(plan)), listener_(std::move(listener)), is_kept_(is_kept) {
    if (!loop_.waiting().add(listener_.get(), *this, {.readable = true})) {
        throw std::system_error(errno, std::system_category(), "epoll");
    }
    loop_.add_source();
}

void acceptor::ready(interest /*found*/) { accept_some(); }

// A bounded number of connections, so that open ones are served during a storm. While finishing,
// as many as can have waited: it does not depend on those who connect meanwhile.
void acceptor::accept_some() {
    constexpr int accepts_per_cycle = 64;
    if (!has_memory()) return pause();
    if (!has_rate()) return pause();
    int left = finishing_ ? backlog_max : accepts_per_cycle;
    while (left-- > 0 && listener_.is_open()) {
        if (!accept_one()) return;
        if (!has_rate()) return pause();
    }
    if (finishing_) stop();
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
        case accept_advice::wait:
            if (finishing_) stop();
            break;
        case accept_advice::pause: pause(error); break;
    }
    return false;
}

bool acceptor::has_memory() noexcept {
    return loop_.regain_reserve() && plan_->memory->held() <= plan_->memory->accepting_max();
}

// While finishing, nobody waits: their number is bounded.
bool acceptor::has_rate() const noexcept {
    return finishing_ || !plan_->admission || plan_->admission->accepts.left(loop_.now()) > 0;
}

void acceptor::open(connected_socket socket) {
    if (plan_->admission) plan_->admission->accepts.spend(1, loop_.now());
    loop_counters::add(loop_.counters().accepted, 1);
    const auto from = socket.remote;
    const auto opened = loop_.open(plan_, std::move(socket));
    if (opened) return;
    loop_counters::add(loop_.counters().refused, 1);
    refuse(opened.error(), from);
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
    if (finishing_ && now >= until_) {
        stop();
        return time_point::max();
    }
    const bool resumed = has_memory() && has_rate() &&
                         loop_.waiting().add(listener_.get(), *this, {.readable = true});
    if (!resumed) return now + accept_pause;
    // The poller would not say that all who waited are gone.
    if (finishing_) accept_some();
    return time_point::max();
}

// Closing the listener resets connections in its backlog, so they are accepted first.
void acceptor::finish(time_point until) {
    if (!listener_.is_open()) return;
    if (is_kept_) return stop();
    finishing_ = true;
    until_ = until;
    if (!timer_hook::is_linked()) accept_some();
}

void acceptor::stop() {
    if (!listener_.is_open()) return;
    close();
    loop_.remove_source();
}

// Other descriptors of the same socket keep it open, and would keep it in the poller.
void acceptor::close() {
    timer_hook::unlink();
    if (listener_.is_open()) loop_.waiting().remove(listener_.get());
    listener_.close();
}

}  // namespace framewire
