#pragma once

#include "event_loop.hpp"
#include "framewire/core/error.hpp"
#include "io/listening.hpp"
#include "io/poller.hpp"
#include "io/timer_wheel.hpp"

#include <memory>

namespace framewire {

/// A listening socket whose connections a loop serves. All functions belong to the loop's thread.
class acceptor final : private pollable, private timer {
public:
    /// Takes over the socket. Throws `std::system_error` if the system cannot poll one more.
    /// Requires: the loop outlives it.
    acceptor(event_loop& loop, std::shared_ptr<connection_plan> plan, owned_descriptor listener,
             bool is_kept = false);
    acceptor(const acceptor&) = delete;
    acceptor& operator=(const acceptor&) = delete;
    ~acceptor() override { close(); }

    /// Accepts what waits in the backlog of a socket that is not kept, then listens no more; out
    /// of descriptors, it waits for some `until` then. The loop is not drained before.
    void finish(time_point until);
    /// Another process keeps the socket open, and may accept what waits in it.
    [[nodiscard]] bool is_kept() const noexcept { return is_kept_; }
    [[nodiscard]] int descriptor() const noexcept { return listener_.get(); }
    /// Listens no more.
    void stop();

private:
    void ready(interest found) override;
    time_point on_timer(time_point now) override;
    [[nodiscard]] bool has_memory() noexcept;
    [[nodiscard]] bool has_rate() const noexcept;
    void accept_some();
    bool accept_one();
    void open(connected_socket socket);
    void pause(int why);
    void pause();
    void refuse(const refusal& how, const socket_address& from) noexcept;
    void close();

    event_loop& loop_;
    std::shared_ptr<connection_plan> plan_;
    owned_descriptor listener_;
    bool is_kept_;
    bool finishing_ = false;
    time_point until_ = time_point::max();
};

}  // namespace framewire
