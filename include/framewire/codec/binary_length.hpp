#pragma once

#include "framewire/codec/announced.hpp"
#include "framewire/codec/detail/word.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

/// An unsigned integer of fixed width.
struct binary_number {
    std::uint8_t width = 4;  ///< in bytes, 1 to 8
    bool little_endian = false;

    // No byte is wrong by itself.
    static constexpr bool any_bytes = true;

    static result<binary_number> parse(spec_reader& spec);

    optional_errc add(char byte, std::uint64_t /*limit*/) noexcept {
        const std::uint64_t octet = static_cast<std::uint8_t>(byte);
        value_ = little_endian ? value_ | octet << (8 * taken_) : value_ << 8 | octet;
        ++taken_;
        return std::nullopt;
    }
    void reset() noexcept { *this = {width, little_endian}; }
    [[nodiscard]] bool complete() const noexcept { return taken_ == width; }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_; }
    [[nodiscard]] std::size_t wanted() const noexcept {
        return static_cast<std::size_t>(width - taken_);
    }

    [[nodiscard]] static constexpr bool is_quick() noexcept { return true; }
    [[nodiscard]] std::size_t peek(bytes input, std::uint64_t& length) const noexcept {
        if (input.size() < word_bytes) return 0;
        const auto surplus = 8 * (word_bytes - width);
        auto word = load_word(input.data());
        word = little_endian ? word << surplus : __builtin_bswap64(word);
        word >>= surplus;
        if (word > length) return 0;
        length = word;
        return width;
    }

    [[nodiscard]] std::uint64_t value_max() const noexcept {
        return ~std::uint64_t{0} >> (8 * (word_bytes - width));
    }
    void write(std::uint64_t value, std::string& out) const;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return true; }
    [[nodiscard]] std::string expectation() const;
    [[nodiscard]] std::string_view recognise(const misread& what,
                                             const length_options& options) const noexcept;
    [[nodiscard]] std::string explain(bytes field) const;
    [[nodiscard]] length_layout describe() const;

    // State, public because this is an aggregate that is reset by assignment.
    std::uint8_t taken_ = 0;
    std::uint64_t value_ = 0;
};

extern template class announced_header<binary_number>;
extern template struct announced<binary_number>;
extern template class prefixed_decoder<announced_header<binary_number>>;

/// `u8` `u16be` `u16le` `u24be` ... `u64be` `u64le`: a binary length.
using binary_length = announced<binary_number>;
using binary_header = announced_header<binary_number>;
static_assert(codec<binary_length>);

}  // namespace framewire
