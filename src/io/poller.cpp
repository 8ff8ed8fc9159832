#include "poller.hpp"

#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <system_error>
#include <thread>

namespace framewire {
namespace {

epoll_event event_for(pollable& who, interest in) noexcept {
    epoll_event event{};
    event.events = (in.readable ? EPOLLIN : 0U) | (in.writable ? EPOLLOUT : 0U);
    event.data.ptr = &who;
    return event;
}

}  // namespace

poller::poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) throw std::system_error(errno, std::system_category(), "epoll");
}

poller::~poller() { ::close(epoll_); }

bool poller::add(int descriptor, pollable& who, interest in) const noexcept {
    auto event = event_for(who, in);
    return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

bool poller::change(int descriptor, pollable& who, interest in) const noexcept {
    auto event = event_for(who, in);
    return ::epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event) == 0;
}

void poller::remove(int descriptor) const noexcept {
    (void)::epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

void poller::wait(std::chrono::nanoseconds timeout) noexcept {
    const int count = timeout.count() < 0 ? wait_milliseconds(-1) : wait_exactly(timeout);
    ready_ = count > 0 ? static_cast<std::size_t>(count) : 0;
    if (count >= 0 || errno == EINTR) {
        failures_ = 0;
        return;
    }
    error_ = errno;
    failures_ = std::min(failures_ + 1, failures_max);
    std::this_thread::sleep_for(failure_pause);
}

int poller::wait_exactly(std::chrono::nanoseconds timeout) noexcept {
    if (knows_nanoseconds_) {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(timeout);
        const timespec wait{.tv_sec = seconds.count(), .tv_nsec = (timeout - seconds).count()};
        const int count =
            ::epoll_pwait2(epoll_, events_.data(), static_cast<int>(events_max), &wait, nullptr);
        // Missing on Linux before 5.11; some containers report EPERM for unknown system calls.
        if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return count;
        knows_nanoseconds_ = false;
    }
    // Far beyond any deadline, and still an int.
    constexpr std::chrono::milliseconds longest(1'000'000'000);
    return wait_milliseconds(static_cast<int>(
        std::min(std::chrono::ceil<std::chrono::milliseconds>(timeout), longest).count()));
}

int poller::wait_milliseconds(int timeout) noexcept {
    return ::epoll_wait(epoll_, events_.data(), static_cast<int>(events_max), timeout);
}

void poller::dispatch(const epoll_event& one) {
    static_cast<pollable*>(one.data.ptr)
        ->ready({.readable = (one.events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0,
                 .writable = (one.events & EPOLLOUT) != 0});
}

}  // namespace framewire
