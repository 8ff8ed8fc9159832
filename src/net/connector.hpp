#pragma once

#include "framewire/core/result.hpp"
#include "framewire/core/time.hpp"
#include "framewire/io/address.hpp"
#include "io/poller.hpp"
#include "io/sockets.hpp"
#include "io/timer_wheel.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <vector>

namespace framewire {

/// Connects to the first of some socket addresses that answers, without blocking.
class connector final : private pollable, private timer {
public:
    /// Called once, with a connected socket that does not block, or with why there is none. May be
    /// called by `start`. Must not destroy the connector, and must not throw.
    using callback = std::function<void(result<owned_descriptor>)>;

    /// Tries every one of `candidates` in order, all within `timeout`; zero waits forever. `where`
    /// is for the words of a failure. Requires: `in` and `timers` outlive it.
    connector(poller& in, timer_wheel& timers, address where,
              std::vector<socket_address> candidates, std::chrono::milliseconds timeout,
              callback then);
    connector(const connector&) = delete;
    connector& operator=(const connector&) = delete;
    /// Gives up, without a call.
    ~connector() override { stop_waiting(); }

    void start();
    /// True once the callback has been called.
    [[nodiscard]] bool done() const noexcept { return then_ == nullptr; }

private:
    void ready(interest found) override;
    time_point on_timer(time_point now) override;
    void try_next();
    int begin();
    void fail(int error);
    void finish(result<owned_descriptor> outcome);
    void stop_waiting();

    poller& poller_;
    timer_wheel& timers_;
    address where_;
    std::vector<socket_address> candidates_;
    std::chrono::milliseconds timeout_;
    callback then_;
    std::size_t next_ = 0;
    time_point until_ = time_point::max();
    owned_descriptor socket_;
    bool is_polled_ = false;
};

}  // namespace framewire
