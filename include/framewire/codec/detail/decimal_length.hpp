#pragma once

#include "framewire/codec/detail/prefixed_decoder.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

/// A decimal length of variable width: `0`, or at most ten digits without a leading zero. Overflow
/// is checked before multiplying.
class decimal_length {
public:
    static constexpr std::size_t digits_max = 10;
    static constexpr std::uint64_t value_max = 9'999'999'999;

    /// Appends a digit. Returns an error if it follows a leading zero, is one too many, or raises
    /// the value above `limit`. Requires: a digit.
    std::optional<errc> add(char digit, std::uint64_t limit) noexcept;

    [[nodiscard]] std::uint64_t value() const noexcept { return value_; }
    [[nodiscard]] bool empty() const noexcept { return digits_ == 0; }

private:
    std::uint64_t value_ = 0;
    std::uint8_t digits_ = 0;
};

/// A decimal length with a byte that ends it and, optionally, one that ends the frame.
struct decimal_header {
    char terminator = ':';
    bool has_trailer = false;
    char trailer = ',';

    header_step advance(bytes input, std::uint64_t length_max) noexcept;
    void reset() noexcept {
        number_ = {};
        taken_ = 0;
    }
    [[nodiscard]] std::uint64_t length() const noexcept { return number_.value(); }
    [[nodiscard]] std::size_t taken() const noexcept { return taken_; }
    [[nodiscard]] std::size_t wanted() const noexcept { return number_.empty() ? 2 : 1; }
    [[nodiscard]] std::string expectation() const;

    [[nodiscard]] std::size_t peek(bytes input, std::uint64_t& length) const noexcept {
        if (input.size() <= decimal_length::digits_max) return 0;
        std::uint64_t value = 0;
        std::size_t digits = 0;
        for (; digits < decimal_length::digits_max; ++digits) {
            const auto digit = static_cast<std::uint8_t>(input[digits] - '0');
            if (digit > 9) break;
            value = value * 10 + digit;
        }
        const bool leading_zero = digits > 1 && input.front() == '0';
        if (digits == 0 || leading_zero || input[digits] != terminator) return 0;
        if (value > length) return 0;
        length = value;
        return digits + 1;
    }

    /// Appends the header for a payload of this length; `frame.too_large` beyond ten digits.
    tl::expected<void, errc> write(std::uint64_t length, std::string& out) const;

    [[nodiscard]] length_layout describe() const;

    [[nodiscard]] std::size_t trailer_size() const noexcept { return has_trailer ? 1 : 0; }
    [[nodiscard]] bool accepts_in_trailer(char byte) const noexcept { return byte == trailer; }

    [[nodiscard]] static std::string_view recognise(const misread& what) noexcept {
        return recognise_instead_of_digits(what);
    }

    // State, public because this is an aggregate.
    decimal_length number_{};
    std::size_t taken_ = 0;
};

extern template class prefixed_decoder<decimal_header>;

}  // namespace framewire
