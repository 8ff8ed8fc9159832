#pragma once

#include "eventually.hpp"
#include "net/connection_plan.hpp"
#include "net/event_loop.hpp"
#include "raw_socket.hpp"

#include <sys/socket.h>
#include <array>
#include <cstdint>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace framewire::tests {

/// An event loop in a thread of its own. Requires: what it calls outlives it.
class running_loop {
public:
    running_loop() : thread_([this] { loop_.run(); }) {}
    running_loop(const running_loop&) = delete;
    running_loop& operator=(const running_loop&) = delete;
    ~running_loop() {
        loop_.finish();
        thread_.join();
    }

    [[nodiscard]] event_loop& loop() noexcept { return loop_; }
    /// Opens a connection on one end of a pair of sockets, and returns the other. Throws if the
    /// loop does not take it.
    [[nodiscard]] raw_socket open(const std::shared_ptr<connection_plan>& plan) {
        std::array<int, 2> both{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, both.data()) !=
            0) {
            throw std::runtime_error("no pair of sockets");
        }
        raw_socket theirs(both[1]);
        std::promise<tl::expected<connection*, refusal>> opened;
        loop_.post([&] { opened.set_value(loop_.open(plan, {owned_descriptor(both[0])})); });
        if (const auto done = opened.get_future().get(); !done) {
            throw std::runtime_error(std::string(error_name(done.error().why)));
        }
        return theirs;
    }
    [[nodiscard]] bool comes_to_receive(std::uint64_t count) {
        return eventually([&] { return loop_.counters().bytes_received == count; });
    }
    /// Waits until the loop has done what it was given.
    void settle() {
        std::promise<void> done;
        loop_.post([&] { done.set_value(); });
        done.get_future().get();
    }

private:
    event_loop loop_;
    std::thread thread_;
};

}  // namespace framewire::tests
