#include "byte_budget.hpp"

#include <algorithm>

namespace framewire {
namespace {

using std::chrono::microseconds;

constexpr double second = 1e6;  // in microseconds

}  // namespace

bool byte_budget::is_open(clock::time_point now) noexcept {
    // Shorter times would lose to rounding what they grow.
    constexpr std::chrono::milliseconds step{1};
    if (now - counted_ >= step) {
        const auto passed = std::chrono::duration_cast<microseconds>(now - counted_).count();
        const auto grown = static_cast<double>(passed) * static_cast<double>(rate_) / second;
        const auto room = static_cast<double>(burst_ - left_);
        left_ = grown >= room ? burst_ : left_ + static_cast<std::int64_t>(grown);
        counted_ = now;
    }
    closed_ = closed_ && left_ < rate_;
    return !closed_;
}

byte_budget::clock::time_point byte_budget::opens_at() const noexcept {
    const auto missing = static_cast<double>(std::max<std::int64_t>(rate_ - left_, 0));
    const auto wait = missing * second / static_cast<double>(rate_);
    return counted_ + microseconds(static_cast<std::int64_t>(wait)) + std::chrono::milliseconds(1);
}

}  // namespace framewire
