#pragma once

#include "poller.hpp"
#include "sockets.hpp"

#include <cstddef>
#include <functional>

namespace framewire {

/// Calls a function, from a loop, for every SIGINT and SIGTERM that the program receives. The last
/// handler to be destroyed restores the earlier signal actions. Uses no thread: a single-threaded
/// program avoids locking in the C library and the kernel.
class signal_handler final : private pollable {
public:
    /// Requires: `in` outlives this, and fewer than `handlers_max` others exist.
    signal_handler(poller& in, std::function<void()> act);
    ~signal_handler() override;
    signal_handler(const signal_handler&) = delete;
    signal_handler& operator=(const signal_handler&) = delete;

    // At most this many servers of one program stop on signals.
    static constexpr std::size_t handlers_max = 64;

private:
    void ready(interest found) override;

    poller& poller_;
    std::function<void()> act_;
    owned_descriptor signalled_;  // an eventfd
    std::size_t place_ = 0;
};

}  // namespace framewire
