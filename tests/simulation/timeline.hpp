#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <vector>

namespace framewire::tests {

using nanoseconds = std::chrono::nanoseconds;

/// Virtual time, what is to happen in it, and a record of what has happened.
class timeline {
public:
    /// Since the machine began; later than any deadline that could be subtracted from it.
    [[nodiscard]] nanoseconds now() const noexcept { return now_; }
    /// Since the world began.
    [[nodiscard]] double seconds() const noexcept { return seconds(now_); }
    void pass(nanoseconds duration) noexcept { now_ += duration; }
    void pass_until(nanoseconds when) noexcept { now_ = std::max(now_, when); }

    /// Calls `what` once `when` has come. What is due at the same time happens in this order.
    void at(nanoseconds when, std::function<void()> what);
    void after(nanoseconds delay, std::function<void()> what) {
        at(now_ + delay, std::move(what));
    }
    /// The time of the next event; `nanoseconds::max()` if there is none.
    [[nodiscard]] nanoseconds next() const noexcept {
        return events_.empty() ? nanoseconds::max() : events_.top().when;
    }
    /// Does what is due, and returns how much that was.
    std::size_t run_due();

    /// Remembers the last few for a violation. `what` is a literal.
    void note(const char* what, std::uint64_t who, std::int64_t detail = 0) noexcept;
    [[nodiscard]] std::string transcript() const;
    /// Prints everything that is noted from now on.
    void print_all() noexcept { prints_ = true; }

private:
    struct event {
        nanoseconds when;
        std::uint64_t number;
        std::function<void()> what;
        bool operator<(const event& other) const noexcept {
            return when != other.when ? when > other.when : number > other.number;
        }
    };
    struct noted {
        nanoseconds when{};
        const char* what = nullptr;
        std::uint64_t who = 0;
        std::int64_t detail = 0;
    };
    static constexpr std::size_t noted_max = 64;
    static double seconds(nanoseconds when) noexcept;
    static std::string line(const noted& one);

    nanoseconds now_ = std::chrono::hours(1);
    std::priority_queue<event> events_;
    std::uint64_t count_ = 0;
    std::array<noted, noted_max> noted_{};
    std::size_t noted_count_ = 0;
    bool prints_ = false;
};

}  // namespace framewire::tests
