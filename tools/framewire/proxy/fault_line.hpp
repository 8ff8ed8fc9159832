#pragma once

#include "channel.hpp"
#include "live_faults.hpp"
#include "outflow.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// Does to the messages of one direction of one connection what the faults say. The same faults,
/// seed and messages have the same result.
class fault_line final : private timer {
public:
    /// Notified of what was done to a message; messages are numbered from 1.
    using reporter = std::function<void(std::uint64_t message, std::string_view what)>;

    /// Requires: `faults` and `sends` outlive it.
    fault_line(const live_faults& faults, end_of to, std::uint64_t connection, event_loop& loop,
               outflow& sends, reporter report);

    void take(const whole_message& message);
    /// How much later the end of the stream comes.
    [[nodiscard]] std::chrono::milliseconds lingers() const noexcept { return lingers_; }
    /// The stream has ended: nothing is held back any more.
    void flush();

private:
    struct armed_fault {
        const fault* what;
        std::mt19937_64 random;
        std::uint64_t matched = 0;
        bool lasts = false;  // from an earlier message on
    };
    struct held_frame {
        std::string frame;
        std::uint64_t left;  // messages that overtake it
    };
    /// What becomes of one message.
    struct fate {
        std::string frame;
        std::size_t header_bytes = 0;
        std::size_t payload_bytes = 0;
        std::uint64_t copies = 1;
        std::chrono::milliseconds pause{0};
        const fault* split = nullptr;
        std::uint64_t overtaken_by = 0;
        bool is_gathered = false;
        bool ends_stream = false;
        std::chrono::milliseconds last_pause{0};  // before what follows the message
        std::vector<outflow::action> then{};
    };

    void arm();
    [[nodiscard]] bool strikes(armed_fault& one, bytes payload);
    void apply(armed_fault& one, fate& of);
    std::string begin(const fault& lasting);
    void corrupt(armed_fault& one, fate& of, std::size_t from, std::size_t size);
    void send(const fate& of);
    void send_parts(const fate& of, const fault& how);
    void release_overtaken();
    time_point on_timer(time_point now) override;

    const live_faults& source_;
    end_of to_;
    std::uint64_t connection_;
    event_loop& loop_;
    outflow& sends_;
    reporter report_;
    std::shared_ptr<const fault_set> set_;
    std::vector<armed_fault> faults_;
    std::uint64_t messages_ = 0;
    std::uint64_t gathered_ = 0;
    std::chrono::milliseconds lingers_{0};
    std::list<held_frame> held_;
};

}  // namespace framewire
