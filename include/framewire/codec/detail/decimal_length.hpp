#pragma once

#include "framewire/codec/detail/optional_errc.hpp"

#include <cstddef>
#include <cstdint>

namespace framewire {

/// A decimal length of variable width: `0`, or at most ten digits without a leading zero. Overflow
/// is checked before multiplying.
class decimal_length {
public:
    static constexpr std::size_t digits_max = 10;
    static constexpr std::uint64_t value_max = 9'999'999'999;

    /// Appends a digit. Returns an error if it follows a leading zero, is one too many, or raises
    /// the value above `limit`. Requires: a digit.
    optional_errc add(char digit, std::uint64_t limit) noexcept;

    [[nodiscard]] std::uint64_t value() const noexcept { return value_; }
    [[nodiscard]] bool empty() const noexcept { return digits_ == 0; }

private:
    std::uint64_t value_ = 0;
    std::uint8_t digits_ = 0;
};

}  // namespace framewire
