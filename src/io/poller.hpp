#pragma once

#include <sys/epoll.h>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace framewire {

/// The events to wait for, or those that occurred.
struct interest {
    bool readable = false;
    bool writable = false;

    [[nodiscard]] bool none() const noexcept { return !readable && !writable; }
    bool operator==(const interest&) const = default;
};

/// Notified when its descriptor is ready. May be removed from the poller during a `dispatch`, but
/// must live until that `dispatch` returns.
class pollable {
public:
    virtual ~pollable() = default;
    /// An error or the end of the connection counts as readable.
    virtual void ready(interest found) = 0;
};

/// Waits for many descriptors at once (Linux epoll, level-triggered: unread input is reported
/// again, so that one read for each wake-up is enough).
class poller {
public:
    poller();
    ~poller();
    poller(const poller&) = delete;
    poller& operator=(const poller&) = delete;

    /// False, with `errno` set, if the system cannot poll one more.
    [[nodiscard]] bool add(int descriptor, pollable& who, interest in) const noexcept;
    /// False, with `errno` set, if the system refuses. Requires: the descriptor has been added.
    [[nodiscard]] bool change(int descriptor, pollable& who, interest in) const noexcept;
    /// Must come before the descriptor is closed: where it has a copy, as a child process may, the
    /// system would report it for ever.
    void remove(int descriptor) const noexcept;

    /// Waits until a descriptor is ready, at most for `timeout`; negative waits forever. Rounds up
    /// to milliseconds on Linux before 5.11. Where the system cannot wait it finds nothing, and
    /// takes `failure_pause`.
    void wait(std::chrono::nanoseconds timeout) noexcept;
    /// The `errno` of the last `failures_max` waits, if all of them failed; otherwise 0.
    [[nodiscard]] int broken() const noexcept { return failures_ < failures_max ? 0 : error_; }
    /// Out of memory may last a second; what lasts longer will not pass.
    static constexpr std::chrono::milliseconds failure_pause{10};
    static constexpr int failures_max = 100;
    /// Calls `ready` for every descriptor that the last `wait` found, and `caught` within the
    /// handler of what one of them throws.
    template <class Caught>
    void dispatch(Caught caught);
    /// The same, but throws on, and leaves the others for the next time.
    void dispatch() {
        dispatch([] { throw; });
    }

private:
    // Further events come with the next `wait`: bounds how long timers are delayed.
    static constexpr std::size_t events_max = 256;

    void dispatch(const epoll_event& one);
    int wait_exactly(std::chrono::nanoseconds timeout) noexcept;
    int wait_milliseconds(int timeout) noexcept;

    int epoll_ = -1;
    bool knows_nanoseconds_ = true;  // until the system call fails
    int failures_ = 0;               // in a row
    int error_ = 0;
    std::size_t ready_ = 0;
    std::array<epoll_event, events_max> events_{};
};

template <class Caught>
void poller::dispatch(Caught caught) {
    for (std::size_t i = 0; i < ready_; ++i) {
        try {
            dispatch(events_[i]);
        } catch (...) {
            caught();
        }
    }
}

}  // namespace framewire
