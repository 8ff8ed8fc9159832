#pragma once

#include "framewire/codec/detail/prefixed_decoder.hpp"
#include "framewire/codec/detail/word.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

class spec_reader;

/// How a decimal length is padded to its width.
enum class padding : std::uint8_t {
    zero,   ///< `0000000005`
    space,  ///< `5` and then spaces; no leading zeros
};

/// A decimal length of fixed width: digits `0` to `9` and nothing else. No sign, underscore, other
/// base or script, and never both paddings. Overflow is checked before multiplying.
struct digits_header {
    std::size_t width = 10;
    padding pad = padding::zero;

    // So many digits in a row are not a coincidence.
    static constexpr std::size_t telling_bytes = 8;

    header_step advance(bytes input, std::uint64_t length_max) noexcept;
    void reset() noexcept { *this = {width, pad}; }
    [[nodiscard]] std::uint64_t length() const noexcept { return value_; }
    [[nodiscard]] std::size_t taken() const noexcept { return taken_; }
    [[nodiscard]] std::size_t wanted() const noexcept { return width - taken_; }
    [[nodiscard]] std::string expectation() const;

    // Two words of digits; `advance` reads wider and space-padded lengths byte by byte.
    [[nodiscard]] std::size_t peek(bytes input, std::uint64_t& length) const noexcept {
        if (width > 2 * word_bytes || pad != padding::zero) return 0;
        if (input.size() < (width > word_bytes ? width : word_bytes)) return 0;
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
    [[nodiscard]] std::string_view recognise(const misread& what) const noexcept {
        const auto found = recognise_other_width(what, width, pad == padding::space);
        return found.empty() ? recognise_instead_of_digits(what) : found;
    }

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
    bool in_padding_ = false;
};

/// `digits:W [,pad=zero|space] [,count=bytes|chars]`: a decimal length of W bytes, then the
/// payload.
struct digits {
    using decoder_type = prefixed_decoder<digits_header>;
    static constexpr bool announces_length = true;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return true; }

    std::size_t width = 10;
    padding pad = padding::zero;
    counting count = counting::in_bytes;

    static result<digits> parse(spec_reader& spec);

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept {
        return {digits_header{width, pad}, count, limit};
    }
    /// Fails with `frame.utf8` if characters are counted and the payload is not UTF-8.
    [[nodiscard]] tl::expected<std::uint64_t, errc> measure(bytes payload) const noexcept;
    /// Fails with `frame.too_large` if the length has more than W digits.
    tl::expected<void, errc> begin(std::uint64_t announced, std::string& out) const;
    void end(std::string& /*out*/) const noexcept {}
    [[nodiscard]] frame_layout describe() const;

private:
    // Any 64-bit number fits.
    static constexpr std::size_t narrow = 32;
    tl::expected<void, errc> begin_narrow(std::uint64_t announced, std::string& out) const;
};

extern template class prefixed_decoder<digits_header>;
static_assert(codec<digits>);

}  // namespace framewire
