#pragma once

#include "framewire/codec/announced.hpp"
#include "framewire/codec/detail/decimal_length.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

/// A decimal number of variable width, and what ends it.
struct decimal_number {
    static constexpr std::size_t terminator_bytes_max = 4;

    std::uint8_t terminator_size = 1;
    std::array<char, terminator_bytes_max> terminator{':'};

    static result<decimal_number> parse(spec_reader& spec);

    optional_errc add(char byte, std::uint64_t limit) noexcept;
    void reset() noexcept { *this = {terminator_size, terminator}; }
    [[nodiscard]] bool complete() const noexcept { return ended_ == terminator_size; }
    [[nodiscard]] std::uint64_t value() const noexcept { return number_.value(); }
    [[nodiscard]] std::size_t wanted() const noexcept {
        return static_cast<std::size_t>(terminator_size - ended_) + (number_.empty() ? 1 : 0);
    }

    [[nodiscard]] bool is_quick() const noexcept { return terminator_size == 1; }
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
        if (digits == 0 || leading_zero || input[digits] != terminator.front()) return 0;
        if (value > length) return 0;
        length = value;
        return digits + 1;
    }

    [[nodiscard]] static constexpr std::uint64_t value_max() noexcept {
        return decimal_length::value_max;
    }
    void write(std::uint64_t value, std::string& out) const;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return true; }
    [[nodiscard]] bytes terminator_bytes() const noexcept {
        return {terminator.data(), terminator_size};
    }
    [[nodiscard]] std::string expectation() const;
    [[nodiscard]] static std::string_view recognise(const misread& what,
                                                    const length_options& options) noexcept;
    [[nodiscard]] static std::string explain(bytes field);
    [[nodiscard]] length_layout describe() const;

    // State, public because this is an aggregate that is reset by assignment.
    std::uint8_t ended_ = 0;  // bytes of the terminator that were taken
    decimal_length number_{};
};

extern template class announced_header<decimal_number>;
extern template struct announced<decimal_number>;
extern template class prefixed_decoder<announced_header<decimal_number>>;

/// `decimal:END`: at most ten decimal digits without leading zeros, and then the bytes END.
/// `netstring` (D. J. Bernstein, "Netstrings", 1997) is `decimal::,end=\,`; `octet-count`, as in
/// syslog over TCP (RFC 6587, section 3.4.1), is `decimal:\x20`.
using decimal = announced<decimal_number>;
using decimal_header = announced_header<decimal_number>;
static_assert(codec<decimal>);

}  // namespace framewire
