#pragma once

#include <optional>

namespace framewire {

/// Searches for the highest rate that passes: doubles until a trial fails, then halves the gap
/// until it is small. A rate fails after two failed trials, as other load on the machine may spoil
/// one. The caller runs the trials.
class rate_search {
public:
    /// The gap between the best rate and the lowest that failed at which the search ends, relative
    /// to the latter.
    static constexpr double gap = 0.05;
    static constexpr double first_rate = 1000;
    static constexpr double lowest = 1;
    static constexpr double highest = 1e9;

    /// The rate to try next; nothing when the search is over.
    [[nodiscard]] std::optional<double> next() const noexcept;
    /// Records whether the trial with the rate of `next` passed.
    void record(bool passed) noexcept;
    /// The highest rate that passed; nothing if none has.
    [[nodiscard]] std::optional<double> best() const noexcept { return best_; }

private:
    std::optional<double> best_;
    std::optional<double> failed_;  // the lowest
    bool once_ = false;             // the next rate failed once
};

}  // namespace framewire
