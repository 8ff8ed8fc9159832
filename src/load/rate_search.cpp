#include "rate_search.hpp"

#include <algorithm>
#include <cmath>

namespace framewire {
namespace {

// Rates that a person can read, and type to repeat a trial.
double rounded(double rate) noexcept {
    const auto unit = std::pow(10.0, std::max(std::floor(std::log10(rate)) - 2, 0.0));
    return std::round(rate / unit) * unit;
}

}  // namespace

std::optional<double> rate_search::next() const noexcept {
    if (!best_ && !failed_) return first_rate;
    if (!failed_) return *best_ < highest ? std::optional(*best_ * 2) : std::nullopt;
    if (!best_) return *failed_ > lowest ? std::optional(rounded(*failed_ / 2)) : std::nullopt;
    if (*failed_ - *best_ <= *failed_ * gap) return std::nullopt;
    const auto middle = rounded((*best_ + *failed_) / 2);
    if (middle <= *best_ || middle >= *failed_) return std::nullopt;
    return middle;
}

void rate_search::record(bool passed) noexcept {
    const auto rate = next();
    if (!rate) return;
    const bool again = !passed && !once_;
    once_ = again;
    if (!again) (passed ? best_ : failed_) = rate;
}

}  // namespace framewire
