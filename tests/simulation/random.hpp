#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>

namespace framewire::tests {

/// Numbers that only its seed decides (splitmix64), the same with every compiler and library.
class random_source {
public:
    explicit random_source(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15 + 1) {}

    std::uint64_t next() noexcept {
        auto mixed = state_ += 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }
    /// From 0 to `end` - 1. Requires: `end` is not 0.
    std::size_t below(std::size_t end) noexcept { return static_cast<std::size_t>(next() % end); }
    /// Both ends belong to it.
    template <class Number>
    Number between(Number first, Number last) noexcept {
        const auto span = static_cast<std::uint64_t>(last - first) + 1;
        return static_cast<Number>(first + static_cast<Number>(next() % span));
    }
    bool one_in(std::size_t times) noexcept { return below(times) == 0; }
    template <class T>
    T one_of(std::initializer_list<T> all) noexcept {
        return *std::next(all.begin(), static_cast<std::ptrdiff_t>(below(all.size())));
    }

private:
    std::uint64_t state_;
};

}  // namespace framewire::tests
