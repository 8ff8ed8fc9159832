#pragma once

#include <sys/epoll.h>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace framewire {

/// What a descriptor is waited for.
struct interest {
    bool readable = false;
    bool writable = false;

    [[nodiscard]] bool none() const noexcept { return !readable && !writable; }
    bool operator==(const interest&) const = default;
};

/// Is told when its descriptor is ready. Must live until the `poller::wait` is over in which it
/// stops being watched.
class pollable {
public:
    virtual ~pollable() = default;
    /// An error or the end of the connection counts as readable.
    virtual void ready(interest found) = 0;
};

/// Waits for many descriptors at once (Linux epoll, level-triggered: what is not read now is told
/// again, so that one read for each wake-up is enough and nothing needs to be armed anew).
class poller {
public:
    poller();
    ~poller();
    poller(const poller&) = delete;
    poller& operator=(const poller&) = delete;

    /// False, with `errno` set, if the system cannot watch one more.
    [[nodiscard]] bool add(int descriptor, pollable& who, interest in) const noexcept;
    /// Requires: the descriptor is watched.
    void change(int descriptor, pollable& who, interest in) const noexcept;
    void remove(int descriptor) const noexcept;

    /// Waits until somebody is ready, but not longer than `timeout`; a negative one waits
    /// for ever. In whole milliseconds on Linux before 5.11.
    void wait(std::chrono::nanoseconds timeout) noexcept;
    /// Tells everybody who was ready then.
    void dispatch();

private:
    // More than this come with the next call: bounds how long what waits besides has to.
    static constexpr std::size_t events_max = 256;

    int wait_exactly(std::chrono::nanoseconds timeout) noexcept;
    int wait_milliseconds(int timeout) noexcept;

    int epoll_ = -1;
    bool knows_nanoseconds_ = true;  // until the system says otherwise
    std::size_t ready_ = 0;
    std::array<epoll_event, events_max> events_{};
};

}  // namespace framewire
