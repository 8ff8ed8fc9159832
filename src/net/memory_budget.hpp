#pragma once

#include "framewire/core/units.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace framewire {

/// What all loops of a server hold for their peers, and how much they may. Thread-safe.
class memory_budget {
public:
    explicit memory_budget(std::uint64_t max = std::numeric_limits<std::uint64_t>::max()) noexcept
        : max_(max) {}

    void add(std::size_t size) noexcept {
        const auto now = held_.fetch_add(size, std::memory_order_relaxed) + size;
        if (now > highest_.load(std::memory_order_relaxed)) {
            highest_.store(now, std::memory_order_relaxed);
        }
    }
    void subtract(std::size_t size) noexcept { held_.fetch_sub(size, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t held() const noexcept {
        return held_.load(std::memory_order_relaxed);
    }

    [[nodiscard]] std::uint64_t max() const noexcept { return max_; }

    /// The most that may be held before those who hold most are not read from.
    [[nodiscard]] std::uint64_t reading_max() const noexcept { return max_ / 100 * 80; }
    /// Before those who hold most are ended.
    [[nodiscard]] std::uint64_t keeping_max() const noexcept { return max_ / 100 * 90; }
    /// Before nobody is accepted.
    [[nodiscard]] std::uint64_t accepting_max() const noexcept { return max_ / 100 * 95; }

    /// True if much was freed since it was held: `release_freed` will be of use.
    [[nodiscard]] bool has_freed_much() const noexcept {
        return highest_.load(std::memory_order_relaxed) > held() + freed_bytes_min ||
               kept_.load(std::memory_order_relaxed) > held() + freed_bytes_min;
    }
    /// Returns freed memory to the system, unless much of it was in use since the last call. To be
    /// called about once a second while `has_freed_much`.
    void release_freed() noexcept;

private:
    // As much as the allocator of `serve` keeps for the next large messages.
    static constexpr std::uint64_t freed_bytes_min = 64 * MiB;

    const std::uint64_t max_;
    std::atomic<std::uint64_t> held_{0};
    std::atomic<std::uint64_t> highest_{0};  // since the last `release_freed`
    std::atomic<std::uint64_t> kept_{0};     // what the allocator may keep
};

}  // namespace framewire
