#pragma once

#include "poller.hpp"
#include "sockets.hpp"

#include <cstddef>
#include <functional>
#include <span>

namespace framewire {

/// Calls a function, from a loop, each time that the program receives one of some signals. The
/// last handler of a signal to be destroyed restores its earlier action. Uses no thread: a
/// single-threaded program avoids locking in the C library and the kernel.
class signal_handler final : private pollable {
public:
    /// Throws `std::system_error` if the system has no more descriptors. Requires: `in` outlives
    /// this, and fewer than `handlers_max` others exist.
    signal_handler(poller& in, std::span<const int> signals, std::function<void()> act);
    ~signal_handler() override;
    signal_handler(const signal_handler&) = delete;
    signal_handler& operator=(const signal_handler&) = delete;

    // Three or four for each server of one program.
    static constexpr std::size_t handlers_max = 256;

private:
    void ready(interest found) override;

    poller& poller_;
    std::function<void()> act_;
    owned_descriptor signalled_;  // an eventfd
    std::size_t place_ = 0;
};

}  // namespace framewire
