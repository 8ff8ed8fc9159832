#pragma once

#include "framewire/codec/announced.hpp"
#include "framewire/codec/detail/word.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

/// How a number in digits fills its width.
enum class padding : std::uint8_t {
    zero,        ///< `0000000005`
    space,       ///< `5` and then spaces; no leading zeros
    left_space,  ///< spaces and then `5`; no leading zeros
};

/// Which digits.
enum class digit_set : std::uint8_t {
    ascii,  ///< `0` to `9`
    hex,    ///< `0` to `9` and letters of either case; lower case is sent
    bcd,    ///< two decimal digits in each byte, the first in the upper half
};

/// A number in digits, of fixed width: digits and nothing else. No sign, underscore, other base or
/// script, and never two paddings. Overflow is checked before multiplying.
struct digits_number {
    std::size_t width = 10;  ///< in bytes
    padding pad = padding::zero;
    digit_set set = digit_set::ascii;
    counting count = counting::in_bytes;

    // So many digits in a row are not a coincidence.
    static constexpr std::size_t telling_bytes = 8;

    static result<digits_number> parse(spec_reader& spec);

    optional_errc add(char byte, std::uint64_t limit) noexcept;
    void reset() noexcept { *this = {width, pad, set, count}; }
    [[nodiscard]] bool complete() const noexcept { return taken_ == width; }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_; }
    [[nodiscard]] std::size_t wanted() const noexcept { return width - taken_; }

    // Two words of digits; `add` reads all others byte by byte.
    [[nodiscard]] bool is_quick() const noexcept {
        return width <= 2 * word_bytes && pad != padding::left_space && set == digit_set::ascii;
    }
    [[nodiscard]] std::size_t peek(bytes input, std::uint64_t& length) const noexcept {
        if (input.size() < (width > word_bytes ? width : word_bytes)) return 0;
        if (pad == padding::space) return peek_before_spaces(input, length);
        std::uint64_t value = 0;
        if (is_short(input.data())) {
            if (!load_four_digits(input.data() + width - short_digits, value)) return 0;
        } else if (width <= word_bytes) {
            if (!load_digits(input.data(), width, value)) return 0;
        } else {
            const auto front = width - word_bytes;
            std::uint64_t high = 0;
            if (!load_digits(input.data(), front, high)) return 0;
            if (!load_digits(input.data() + front, word_bytes, value)) return 0;
            value += high * 100'000'000;
        }
        if (value > length) return 0;
        length = value;
        return width;
    }

    [[nodiscard]] std::uint64_t value_max() const noexcept;
    void write(std::uint64_t value, std::string& out) const;
    // Hexadecimal digits have two cases.
    [[nodiscard]] bool is_canonical() const noexcept { return set != digit_set::hex; }
    [[nodiscard]] std::string expectation() const;
    [[nodiscard]] std::string_view recognise(const misread& what,
                                             const length_options& options) const noexcept;
    [[nodiscard]] std::string explain(bytes field) const;
    [[nodiscard]] length_layout describe() const;

    // Most lengths have few digits, with zeros before them.
    static constexpr std::size_t short_digits = 4;
    [[nodiscard]] bool is_short(const char* input) const noexcept {
        if (width <= short_digits || width > word_bytes + short_digits) return false;
        const auto not_zeros = load_word(input) ^ 0x3030'3030'3030'3030U;
        return not_zeros << (8 * (word_bytes + short_digits - width)) == 0;
    }

    // State, public because this is an aggregate that is reset by assignment.
    std::size_t taken_ = 0;
    std::uint64_t value_ = 0;
    bool turned_ = false;  // from digits to spaces, or from spaces to digits

private:
    std::size_t peek_before_spaces(bytes input, std::uint64_t& length) const noexcept;
    bool append(std::uint64_t digit, std::uint64_t base, std::uint64_t limit) noexcept;
    [[nodiscard]] optional_errc add_bcd(char byte, std::uint64_t limit) noexcept;
    [[nodiscard]] bool may_be_space() const noexcept;
    void write_other(std::uint64_t value, std::string& out) const;
    void write_hex(std::uint64_t value, std::string& out) const;
    void write_bcd(std::uint64_t value, std::string& out) const;
};

extern template class announced_header<digits_number>;
extern template struct announced<digits_number>;
extern template class prefixed_decoder<announced_header<digits_number>>;

/// `digits:W [,pad=zero|space|left-space] [,count=bytes|chars]`, `hex:W`, `bcd:N`: a length in
/// digits of fixed width.
using digits = announced<digits_number>;
using digits_header = announced_header<digits_number>;
static_assert(codec<digits>);

}  // namespace framewire
