#pragma once

#include <optional>

namespace framewire {

/// Looks for the highest rate that passes: doubles until a trial fails, then halves the gap until
/// it is small. A rate has failed when two trials with it did: something else that the machine
/// does may spoil one. Is told how trials ended, and knows nothing else of them.
class rate_search {
public:
    /// How far apart the best rate and one that failed may stay, as a part of the latter.
    static constexpr double gap = 0.05;
    static constexpr double first_rate = 1000;
    static constexpr double lowest = 1;
    static constexpr double highest = 1e9;

    /// The rate to try next; nothing when the search is over.
    [[nodiscard]] std::optional<double> next() const noexcept;
    /// The trial with the rate that `next` said has passed, or failed.
    void record(bool passed) noexcept;
    /// The highest rate that passed; nothing if none has.
    [[nodiscard]] std::optional<double> best() const noexcept { return best_; }

private:
    std::optional<double> best_;
    std::optional<double> failed_;  // the lowest
    bool once_ = false;             // the rate to try next failed already
};

}  // namespace framewire
