#pragma once

#include "framewire/core/time.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace framewire {

/// When those messages of a connection were sent that still wait for replies. Messages with
/// consecutive numbers that were sent at once share an entry.
class send_times {
public:
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    /// The oldest message's time. Requires: not empty.
    [[nodiscard]] time_point oldest() const noexcept { return at(0).sent; }

    /// The messages up to the one before `end` were sent at `sent`.
    void add(std::uint64_t end, time_point sent) {
        if (count_ > 0 && at(count_ - 1).sent == sent) {
            at(count_ - 1).end = end;
            return;
        }
        if (count_ == runs_.size()) grow();
        at(count_++) = {end, sent};
    }

    /// Removes the messages before `end`, and calls `taken(first, how_many, sent)` for each run of
    /// them. Requires: they have been added.
    template <class Taken>
    void take_before(std::uint64_t end, Taken taken) {
        while (first_ < end) {
            assert(count_ > 0);
            const auto front = at(0);
            const auto stop = std::min(front.end, end);
            taken(first_, stop - first_, front.sent);
            first_ = stop;
            if (stop == front.end) {
                front_ = (front_ + 1) & (runs_.size() - 1);
                --count_;
            }
        }
    }

private:
    struct run {
        std::uint64_t end = 0;
        time_point sent;
    };

    [[nodiscard]] const run& at(std::size_t place) const noexcept {
        return runs_[(front_ + place) & (runs_.size() - 1)];
    }
    [[nodiscard]] run& at(std::size_t place) noexcept {
        return runs_[(front_ + place) & (runs_.size() - 1)];
    }
    void grow() {
        std::vector<run> larger(runs_.empty() ? 2 : runs_.size() * 2);
        for (std::size_t i = 0; i < count_; ++i) larger[i] = at(i);
        runs_ = std::move(larger);
        front_ = 0;
    }

    std::vector<run> runs_;  // a ring; its size is a power of two
    std::size_t front_ = 0;
    std::size_t count_ = 0;
    std::uint64_t first_ = 0;
};

}  // namespace framewire
