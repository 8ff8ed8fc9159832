#include "event_loop.hpp"

#include "connection.hpp"

#include <sys/eventfd.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <exception>
#include <memory>
#include <system_error>
#include <utility>

namespace framewire {

event_loop::event_loop(server_plan& plan, int listener)
    : plan_(plan), listener_(listener), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    const bool added = poller_.add(listener, listening_, {.readable = true}) &&
                       poller_.add(wake_.get(), waking_, {.readable = true});
    if (!added) throw std::system_error(errno, std::system_category(), "epoll");
}

event_loop::~event_loop() {
    finished_ = true;  // the other loops may be gone
    for_each_connection(&connection::abort);
    free_retired();
}

// Handles ready descriptors before timers and connections with input left, so that input that
// arrived in time counts.
void event_loop::run() {
    while (!finish_asked_.load(std::memory_order_relaxed)) {
        poller_.wait(poll_timeout());
        now_ = std::chrono::steady_clock::now();
        poller_.dispatch();
        run_due();
        free_retired();
    }
}

std::chrono::nanoseconds event_loop::poll_timeout() const {
    if (!soon_.empty()) return std::chrono::nanoseconds(0);
    const auto next = std::min({timers_.next(), accept_again_, drain_until_});
    if (next == time_point::max()) return std::chrono::nanoseconds(-1);
    return std::max(next - std::chrono::steady_clock::now(), std::chrono::nanoseconds(0));
}

void event_loop::run_due() {
    list_by<soon_hook> now;
    now.swap(soon_);
    while (!now.empty()) {
        auto& one = now.front();
        now.pop_front();
        one.run_again();
    }
    timers_.advance(now_);
    if (now_ >= accept_again_) resume_accepting();
    if (now_ >= drain_until_) abort();
}

void event_loop::stop() {
    stops_asked_.fetch_add(1);
    wake();
}

void event_loop::finish() {
    finish_asked_ = true;
    wake();
}

void event_loop::wake() {
    constexpr std::uint64_t one = 1;
    (void)!::write(wake_.get(), &one, sizeof one);
}

void event_loop::on_wakeup() {
    std::uint64_t count = 0;
    (void)!::read(wake_.get(), &count, sizeof count);
    for (; stops_done_ < stops_asked_; ++stops_done_) draining_ ? abort() : drain();
}

// Accepts a bounded number of connections, so that open ones are served during a storm.
void event_loop::accept_some() {
    constexpr int accepts_per_cycle = 64;
    for (int i = 0; i < accepts_per_cycle && listener_.is_open(); ++i) {
        if (!accept_one()) return;
    }
}

// False if no more should be accepted in this cycle.
bool event_loop::accept_one() {
    const int descriptor = accept_connection(listener_.get());
    if (descriptor >= 0) {
        open(descriptor);
        return true;
    }
    const int error = errno;
    switch (after_failed_accept(error)) {
        case accept_advice::retry: return true;
        case accept_advice::wait: break;
        case accept_advice::pause: pause_accepting(error); break;
    }
    return false;
}

void event_loop::open(int descriptor) {
    loop_counters::add(counters_.accepted, 1);
    owned_descriptor socket(descriptor);
    if (plan_.open.fetch_add(1) >= plan_.connections_max) {
        plan_.open.fetch_sub(1);
        return refuse(errc::limit_connections);
    }
    prepare_connection(descriptor);
    std::unique_ptr<connection> opened;
    // An exception of the service factory, or a failed allocation, ends this connection and no
    // other.
    try {
        opened = std::make_unique<connection>(*this, std::move(socket));
    } catch (...) {
        plan_.open.fetch_sub(1);
        return refuse(errc::io_failed);
    }
    if (!opened->start()) {
        plan_.open.fetch_sub(1);
        return refuse(errc::io_failed);
    }
    auto& one = *opened.release();
    connections_.push_back(one);
    if (draining_) one.drain();
}

void event_loop::refuse(errc why) {
    counters_.failed(why);
    if (plan_.observer != nullptr) plan_.observer->refused(why);
}

// Meanwhile the connection waits in the backlog, so nothing is lost, and open ones continue.
void event_loop::pause_accepting(int why) {
    refuse(why == EMFILE || why == ENFILE ? errc::limit_fd : errc::io_failed);
    accept_again_ = std::chrono::steady_clock::now() + accept_pause;
    poller_.remove(listener_.get());
}

void event_loop::resume_accepting() {
    accept_again_ = time_point::max();
    if (!listener_.is_open()) return;
    if (!poller_.add(listener_.get(), listening_, {.readable = true})) {
        accept_again_ = now_ + accept_pause;
    }
}

void event_loop::drain() {
    if (finished_) return;
    draining_ = true;
    // Closing the listener resets connections in its backlog, so they are accepted first.
    while (true) {
        const int descriptor = accept_connection(listener_.get());
        if (descriptor >= 0) {
            open(descriptor);
        } else if (after_failed_accept(errno) != accept_advice::retry) {
            break;
        }
    }
    accept_again_ = time_point::max();
    listener_.close();
    drain_until_ = std::chrono::steady_clock::now() + plan_.drain;
    for_each_connection(&connection::drain);
    end_if_drained();
}

void event_loop::abort() {
    drain_until_ = time_point::max();
    for_each_connection(&connection::abort);
    end_if_drained();
}

void event_loop::run_soon(connection& one) noexcept { soon_.push_back(one); }

void event_loop::retire(connection& one) noexcept {
    one.connection_hook::unlink();
    retired_.push_back(one);
    end_if_drained();
}

void event_loop::free_retired() { retired_.clear_and_dispose(std::default_delete<connection>()); }

void event_loop::end_if_drained() {
    if (!draining_ || finished_ || !connections_.empty()) return;
    finished_ = true;
    if (plan_.loops_running.fetch_sub(1) == 1) plan_.all_finished();
}

// The action may remove this connection, but no other, from the list.
void event_loop::for_each_connection(void (connection::*action)()) {
    for (auto at = connections_.begin(); at != connections_.end();) {
        auto& one = *at;
        ++at;
        (one.*action)();
    }
}

}  // namespace framewire
