#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/time.hpp"
#include "net/event_loop.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace framewire {

/// What an end is sent, and when: the messages of one direction, each of which may be delayed, cut
/// into several writes, or the last. They keep their order.
class outflow final : private timer {
public:
    enum class action : std::uint8_t { send, end_stream, close, reset, stall, limit };
    static constexpr auto no_limit = static_cast<std::uint64_t>(-1);
    using performer = std::function<void(action what, bytes data)>;

    /// `perform` is called on the thread of the loop.
    outflow(event_loop& loop, performer perform) : loop_(loop), perform_(std::move(perform)) {}
    outflow(const outflow&) = delete;
    outflow& operator=(const outflow&) = delete;
    ~outflow() override { *is_alive_ = false; }

    /// After all that was added before, but not earlier than `pause` after now.
    void add(action what, std::string data, std::chrono::milliseconds pause = {});
    /// In a write of its own: what is added next comes in a later cycle of the loop.
    void add_apart(std::string data, std::chrono::milliseconds pause = {});
    /// As `add`, of data that waits for what may be added meanwhile.
    void add_held(std::string data, std::chrono::milliseconds pause);
    /// What is held is due now.
    void hasten();
    /// At most so many bytes a second from now on.
    void throttle(std::uint64_t bytes_per_second) noexcept { rate_ = bytes_per_second; }
    /// Only so many bytes of what is added from now on are sent. Then it is closed, and the rest
    /// is lost.
    void limit(std::uint64_t size);
    /// Performs what is due.
    void run();

    [[nodiscard]] std::size_t waiting_bytes() const noexcept { return waiting_bytes_; }

private:
    struct step {
        action what{};
        std::string data{};
        time_point wanted{};
        bool is_apart = false;
        bool is_held = false;
        std::uint64_t limit = no_limit;
        time_point due{};  // not before what was added before
    };

    void add(step one);
    time_point on_timer(time_point now) override;
    void wait_until(time_point due);
    void continue_soon();
    bool send(step& one, time_point now);
    void emit(bytes data);
    void end(action how);

    event_loop& loop_;
    performer perform_;
    std::deque<step> waiting_;
    std::size_t waiting_bytes_ = 0;
    std::uint64_t rate_ = 0;
    std::uint64_t left_ = no_limit;  // until it is closed
    time_point paid_until_{};        // when the bytes so far have been sent, at that rate
    time_point next_ = time_point::max();
    bool is_on_time_ = false;  // within `on_timer`
    bool is_running_ = false;
    bool is_posted_ = false;
    bool is_stalled_ = false;
    std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);
};

}  // namespace framewire
