#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace framewire {

/// How often durations were how long, in classes that do not change.
struct duration_histogram {
    /// The longest duration of each class but the last, which has all that are longer. From a
    /// service that answers from memory to one that asks others.
    static constexpr std::array<std::chrono::nanoseconds, 15> bounds{
        std::chrono::microseconds(1),   std::chrono::microseconds(5),
        std::chrono::microseconds(10),  std::chrono::microseconds(50),
        std::chrono::microseconds(100), std::chrono::microseconds(500),
        std::chrono::milliseconds(1),   std::chrono::milliseconds(5),
        std::chrono::milliseconds(10),  std::chrono::milliseconds(50),
        std::chrono::milliseconds(100), std::chrono::milliseconds(500),
        std::chrono::seconds(1),        std::chrono::seconds(5),
        std::chrono::seconds(10)};
    static constexpr std::size_t classes = bounds.size() + 1;

    /// The class of a duration.
    [[nodiscard]] static constexpr std::size_t place(std::chrono::nanoseconds of) noexcept {
        std::size_t at = 0;
        while (at < bounds.size() && of > bounds.at(at)) ++at;
        return at;
    }
    [[nodiscard]] constexpr std::uint64_t count() const noexcept {
        std::uint64_t all = 0;
        for (const auto one : counts) all += one;
        return all;
    }

    /// Of each class alone.
    std::array<std::uint64_t, classes> counts{};
    std::chrono::nanoseconds sum{0};
};

}  // namespace framewire
