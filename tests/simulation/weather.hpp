#pragma once

#include "random.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace framewire::tests {

/// How often the system refuses, and what.
class weather {
public:
    enum call : std::size_t {
        accept_retried,  // with an error after which the next may be accepted at once
        accept_paused,   // out of descriptors or memory
        receive_again,   // EINTR, EAGAIN
        receive_fails,
        send_again,
        send_fails,
        watch_fails,
        wait_interrupted,
        wait_unknown,  // epoll_pwait2 is missing
        name_fails,    // getpeername, getsockname
        calls
    };

    explicit weather(random_source& random) : random_(random) {
        if (random.one_in(2)) return;
        is_bad_ = true;
        for (auto& times : one_in_) {
            if (random.one_in(3)) times = random.one_of<std::size_t>({8, 30, 100, 400});
        }
        // What breaks a connection must not break all of them.
        for (const auto rare : {receive_fails, send_fails, watch_fails, accept_paused}) {
            one_in_.at(rare) *= 4;
        }
        if (one_in_.at(wait_unknown) != 0) one_in_.at(wait_unknown) = 1;
        shortens_ = random.one_in(2);
        unknown_ = random.one_of({ENOSYS, EPERM});
    }

    /// The `errno` with which this call fails, or 0.
    int fails(call which) {
        const auto times = one_in_.at(which);
        if (is_calm_ || times == 0 || !random_.one_in(times)) return 0;
        switch (which) {
            case accept_retried: return random_.one_of({EINTR, ECONNABORTED, EPROTO});
            case accept_paused: return random_.one_of({EMFILE, ENFILE, ENOBUFS, ENOMEM, EPERM});
            case receive_again:
            case send_again: return random_.one_of({EINTR, EAGAIN});
            case receive_fails: return random_.one_of({ECONNRESET, ETIMEDOUT, EIO, ENOMEM});
            case send_fails: return random_.one_of({ECONNRESET, EPIPE, ENOBUFS, ENETDOWN});
            case watch_fails: return random_.one_of({ENOMEM, ENOSPC});
            case wait_interrupted: return EINTR;
            case wait_unknown: return unknown_;
            case name_fails: return ENOTCONN;
            case calls: break;
        }
        return 0;
    }
    /// Something may fail in this world.
    [[nodiscard]] bool is_bad() const noexcept { return is_bad_; }
    /// Of what could be moved, how much is.
    std::size_t shortened(std::size_t size) {
        if (!shortens_ || size < 2 || !random_.one_in(4)) return size;
        return 1 + random_.below(size);
    }
    /// Nothing fails before this, or after `clear`.
    void begin() noexcept { is_calm_ = false; }
    void clear() noexcept { is_calm_ = true; }

private:
    random_source& random_;
    std::array<std::size_t, calls> one_in_{};
    bool shortens_ = false;
    int unknown_ = 0;
    bool is_bad_ = false;
    bool is_calm_ = true;
};

}  // namespace framewire::tests
