#pragma once

#include "framewire/core/time.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>

namespace framewire {

/// Tokens that accrue evenly, up to one second's worth. It keeps one time: until when what was
/// spent is paid for (the generic cell rate algorithm, ITU-T I.371). Thread-safe: two threads may
/// both spend the last token, and the next one comes later then.
class rate_bucket {
public:
    /// Zero, or more than `per_second_max`: no bound.
    explicit rate_bucket(std::uint64_t per_second) noexcept : per_second_(bounded(per_second)) {}

    /// Far above what one thread can count, and what the arithmetic can.
    static constexpr std::uint64_t per_second_max = 10'000'000'000;

    /// From now on.
    void limit(std::uint64_t per_second) noexcept {
        per_second_.store(bounded(per_second), order);
    }
    [[nodiscard]] bool is_bounded() const noexcept { return per_second_.load(order) != 0; }
    /// How many may be spent now.
    [[nodiscard]] std::uint64_t left(time_point now) const noexcept {
        const auto per_second = per_second_.load(order);
        if (per_second == 0) return std::numeric_limits<std::uint64_t>::max();
        const auto unpaid =
            std::clamp<std::int64_t>(paid_until_.load(order) - nanoseconds(now), 0, burst);
        return static_cast<std::uint64_t>(burst - unpaid) * per_second / burst;
    }
    /// May spend more than is left: the next token comes later then.
    void spend(std::uint64_t count, time_point now) noexcept {
        if (!is_bounded() || count == 0) return;
        const auto price = price_of(count);
        auto before = paid_until_.load(order);
        while (!paid_until_.compare_exchange_weak(
            before, std::max(before, nanoseconds(now)) + price, order)) {
        }
    }
    /// When one will be left.
    [[nodiscard]] time_point next() const noexcept {
        return time_point(
            std::chrono::nanoseconds(paid_until_.load(order) - burst + price_of(1) + 1));
    }
    /// True if all of a second's worth is left.
    [[nodiscard]] bool is_full(time_point now) const noexcept {
        return paid_until_.load(order) <= nanoseconds(now);
    }

private:
    static constexpr std::int64_t burst = 1'000'000'000;  // nanoseconds
    // It says nothing about other memory.
    static constexpr auto order = std::memory_order_relaxed;

    static std::int64_t nanoseconds(time_point at) noexcept {
        return std::chrono::nanoseconds(at.time_since_epoch()).count();
    }
    static constexpr std::uint64_t bounded(std::uint64_t per_second) noexcept {
        return per_second > per_second_max ? 0 : per_second;
    }
    [[nodiscard]] std::int64_t price_of(std::uint64_t count) const noexcept {
        constexpr std::uint64_t longest = 1'000'000 * std::uint64_t{burst};
        const auto per_second = per_second_.load(order);
        if (per_second == 0) return 0;
        const auto price = std::min(count, per_second_max) * burst / per_second;
        return static_cast<std::int64_t>(std::min(price, longest));
    }

    std::atomic<std::uint64_t> per_second_;
    std::atomic<std::int64_t> paid_until_{0};
};

}  // namespace framewire
