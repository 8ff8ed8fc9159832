#pragma once

#include "poller.hpp"
#include "sockets.hpp"

#include <cstddef>
#include <functional>

namespace framewire {

/// Calls a function, from a loop, for every SIGINT and SIGTERM that the program is sent. At the
/// end of the last of these, what signals did before is restored. Needs no thread: in a program
/// that has only one, the C library and the kernel lock nothing.
class signal_handler final : private pollable {
public:
    /// Requires: `in` outlives this, and fewer than `handlers_max` others are there.
    signal_handler(poller& in, std::function<void()> act);
    ~signal_handler() override;
    signal_handler(const signal_handler&) = delete;
    signal_handler& operator=(const signal_handler&) = delete;

    // Servers in one program that stop on signals.
    static constexpr std::size_t handlers_max = 64;

private:
    void ready(interest found) override;

    poller& poller_;
    std::function<void()> act_;
    owned_descriptor signalled_;  // an eventfd
    std::size_t place_ = 0;
};

}  // namespace framewire
