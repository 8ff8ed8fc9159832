#pragma once

#include "framewire/core/duration_histogram.hpp"
#include "framewire/core/error.hpp"
#include "framewire/service/peer.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace framewire {

/// Durations that one thread adds and any may read.
class duration_counters {
public:
    void add(std::chrono::nanoseconds each, std::uint64_t count = 1) noexcept {
        raise(counts_.at(duration_histogram::place(each)), count);
        raise(sum_, static_cast<std::uint64_t>(each.count()) * count);
    }
    void add_to(duration_histogram& total) const noexcept {
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            total.counts.at(i) += counts_.at(i).load(std::memory_order_relaxed);
        }
        total.sum += std::chrono::nanoseconds(sum_.load(std::memory_order_relaxed));
    }

private:
    using counter = std::atomic<std::uint64_t>;
    static void raise(counter& one, std::uint64_t by) noexcept {
        one.store(one.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }

    std::array<counter, duration_histogram::classes> counts_{};
    counter sum_{0};  // nanoseconds
};

/// Counters that one thread writes and any may read.
struct loop_counters {
    using counter = std::atomic<std::uint64_t>;

    counter accepted{0};
    std::array<counter, 4> closed{};
    counter refused{0};
    counter handshakes{0};
    counter frames{0};
    counter skipped{0};
    counter dropped{0};
    counter unobserved{0};
    counter bytes_received{0};
    counter bytes_sent{0};
    std::array<counter, errc_count + 1> failures{};
    duration_counters handshake_time{};
    duration_counters service_time{};
    duration_counters deferred_time{};
    duration_counters loop_time{};

    // Load and store suffice, as there is only one writer.
    static void add(counter& to, std::uint64_t count) noexcept {
        to.store(to.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
    }
    void was_closed(close_reason::kind why) noexcept {
        add(closed.at(static_cast<std::size_t>(why)), 1);
    }
    void failed(errc code) noexcept { add(failures.at(static_cast<std::size_t>(code)), 1); }
};

}  // namespace framewire
