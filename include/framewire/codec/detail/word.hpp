#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace framewire {

inline constexpr std::size_t word_bytes = sizeof(std::uint64_t);

/// Loads eight bytes in little-endian order. Requires: eight bytes at `from`.
inline std::uint64_t load_word(const char* from) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, from, word_bytes);
    return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}

/// Reads the first `count` bytes at `from` as decimal digits, all at once; false if any is not
/// one. Requires: eight bytes at `from`, and a count from 1 to 8.
inline bool load_digits(const char* from, std::size_t count, std::uint64_t& value) noexcept {
    // Zeros are shifted in before the digits.
    auto digits = (load_word(from) ^ 0x3030'3030'3030'3030U) << (8 * (word_bytes - count));
    const auto above_nine = (digits + 0x7676'7676'7676'7676U) | digits;
    if ((above_nine & 0x8080'8080'8080'8080U) != 0) return false;
    // Neighbours are joined to numbers of two digits, then four, then eight. Most lengths begin
    // with zeros, and a predicted branch costs less than computing them.
    value = 0;
    if (digits == 0) return true;
    digits = (digits * 10 + (digits >> 8)) & 0x00FF'00FF'00FF'00FFU;
    if ((digits & 0xFFFF'FFFFU) == 0) {
        digits >>= 32;
        value = (digits * 100 + (digits >> 16)) & 0xFFFFU;
        return true;
    }
    digits = (digits * 100 + (digits >> 16)) & 0x0000'FFFF'0000'FFFFU;
    value = (digits * 10'000 + (digits >> 32)) & 0xFFFF'FFFFU;
    return true;
}

/// Reads four decimal digits; false if any is not one.
inline bool load_four_digits(const char* from, std::uint64_t& value) noexcept {
    std::uint32_t word = 0;
    std::memcpy(&word, from, sizeof word);
    if constexpr (std::endian::native != std::endian::little) word = __builtin_bswap32(word);
    auto digits = word ^ 0x3030'3030U;
    if ((((digits + 0x7676'7676U) | digits) & 0x8080'8080U) != 0) return false;
    digits = (digits * 10 + (digits >> 8)) & 0x00FF'00FFU;
    value = (digits * 100 + (digits >> 16)) & 0xFFFFU;
    return true;
}

}  // namespace framewire
