#pragma once

#include "framewire/core/time.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

namespace framewire {

/// When the messages of an open loop are due: in slots of equal length, which connections use in
/// rotation. Due times are computed; nothing is stored.
class schedule {
public:
    schedule() = default;
    /// `rate` messages per second from `start` on. Requires: `rate > 0`.
    schedule(time_point start, double rate) noexcept : start_(start), step_(1e9 / rate) {}

    [[nodiscard]] time_point due(std::uint64_t slot) const noexcept {
        const auto passed = std::llround(step_ * static_cast<double>(slot));
        return start_ + std::chrono::nanoseconds(passed);
    }
    /// The number of slots that are due by `now`.
    [[nodiscard]] std::uint64_t due_by(time_point now) const noexcept {
        if (now < start_) return 0;
        const std::chrono::duration<double, std::nano> passed = now - start_;
        auto slots = static_cast<std::uint64_t>(passed.count() / step_) + 1;
        while (due(slots) <= now) ++slots;
        while (slots > 0 && due(slots - 1) > now) --slots;
        return slots;
    }

private:
    time_point start_;
    double step_ = 1;
};

/// The slots of one connection among those that share a schedule.
struct slots {
    std::uint64_t place = 0;
    std::uint64_t connections = 1;

    /// The slot in which message `number` of this connection is due.
    [[nodiscard]] std::uint64_t of(std::uint64_t number) const noexcept {
        return number * connections + place;
    }
    /// How many messages of this connection are among the first `count` slots.
    [[nodiscard]] std::uint64_t among(std::uint64_t count) const noexcept {
        return count <= place ? 0 : (count - place - 1) / connections + 1;
    }
};

}  // namespace framewire
