#pragma once

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace framewire {

/// Counts latencies in buckets of growing width, 128 for each doubling: results are at most 1/128
/// (0.8 %) too large and never too small, and exact below 256 ns. Memory is constant (37 KiB), and
/// adding takes a few instructions.
class latency_histogram {
public:
    using duration = std::chrono::nanoseconds;

    /// Longer ones count as this one (73 minutes), except in `max` and `mean`.
    static constexpr duration longest{(std::int64_t{1} << 42) - 1};

    static constexpr std::size_t buckets_per_doubling = 128;
    static constexpr std::size_t doublings = 35;

    latency_histogram() : counts_(bucket_count) {}

    /// `times` latencies of the same `value`; a negative one counts as 0.
    void add(duration value, std::uint64_t times = 1) noexcept {
        const auto known = std::max(value, duration::zero());
        counts_[bucket_of(std::min(known, longest))] += times;
        count_ += times;
        sum_ += static_cast<double>(known.count()) * static_cast<double>(times);
        max_ = std::max(max_, known);
    }
    void add(const latency_histogram& other) noexcept;
    void clear() noexcept;

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] duration max() const noexcept { return max_; }
    [[nodiscard]] duration mean() const noexcept;
    /// The smallest known latency that at least `percent` of all do not exceed; 0 if there are
    /// none.
    [[nodiscard]] duration percentile(double percent) const noexcept;

    struct bucket {
        duration upper;  // the longest in it
        std::uint64_t count;
    };
    /// Those that are not empty, in ascending order.
    [[nodiscard]] std::vector<bucket> buckets() const;

private:
    static constexpr int precision_bits = 7;
    static constexpr std::size_t bucket_count = (doublings + 1) << precision_bits;

    [[nodiscard]] static std::size_t bucket_of(duration value) noexcept {
        const auto number = static_cast<std::uint64_t>(value.count());
        const auto width = static_cast<int>(std::bit_width(number));
        const int shift = std::max(width - 1 - precision_bits, 0);
        return (static_cast<std::size_t>(shift) << precision_bits) +
               static_cast<std::size_t>(number >> shift);
    }
    [[nodiscard]] static duration upper_of(std::size_t bucket) noexcept;

    std::vector<std::uint64_t> counts_;
    std::uint64_t count_ = 0;
    double sum_ = 0;
    duration max_{};
};

}  // namespace framewire
