#include "latency_histogram.hpp"

#include <cmath>

namespace framewire {

void latency_histogram::add(const latency_histogram& other) noexcept {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    count_ += other.count_;
    sum_ += other.sum_;
    max_ = std::max(max_, other.max_);
}

void latency_histogram::clear() noexcept {
    std::ranges::fill(counts_, 0);
    count_ = 0;
    sum_ = 0;
    max_ = duration::zero();
}

latency_histogram::duration latency_histogram::mean() const noexcept {
    if (count_ == 0) return duration::zero();
    return duration(std::llround(sum_ / static_cast<double>(count_)));
}

latency_histogram::duration latency_histogram::percentile(double percent) const noexcept {
    const auto wanted = std::ceil(static_cast<double>(count_) * percent / 100);
    double seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        seen += static_cast<double>(counts_[i]);
        if (counts_[i] > 0 && seen >= wanted) return std::min(upper_of(i), max_);
    }
    return max_;
}

std::vector<latency_histogram::bucket> latency_histogram::buckets() const {
    std::vector<bucket> found;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        if (counts_[i] > 0) found.push_back({std::min(upper_of(i), max_), counts_[i]});
    }
    return found;
}

latency_histogram::duration latency_histogram::upper_of(std::size_t bucket) noexcept {
    constexpr std::size_t exact = std::size_t{2} << precision_bits;
    if (bucket < exact) return duration(static_cast<std::int64_t>(bucket));
    const auto shift = (bucket >> precision_bits) - 1;
    const auto leading = bucket - (shift << precision_bits);
    return duration(static_cast<std::int64_t>(((leading + 1) << shift) - 1));
}

}  // namespace framewire
