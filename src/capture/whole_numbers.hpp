#pragma once

#include "framewire/core/bytes.hpp"

#include <cstddef>
#include <cstdint>

namespace framewire {

// Requires (all functions): the bytes are there.

[[nodiscard]] inline std::uint8_t byte_at(bytes input, std::size_t at) {
    return static_cast<std::uint8_t>(input[at]);
}

[[nodiscard]] inline std::uint16_t big_endian_16(bytes input, std::size_t at) {
    return static_cast<std::uint16_t>(byte_at(input, at) << 8 | byte_at(input, at + 1));
}

[[nodiscard]] inline std::uint32_t big_endian_32(bytes input, std::size_t at) {
    return std::uint32_t{big_endian_16(input, at)} << 16 | big_endian_16(input, at + 2);
}

[[nodiscard]] inline std::uint16_t little_endian_16(bytes input, std::size_t at) {
    return static_cast<std::uint16_t>(byte_at(input, at + 1) << 8 | byte_at(input, at));
}

/// The byte order of a file: that of the machine that wrote it.
struct byte_order {
    bool is_big_endian = false;

    [[nodiscard]] std::uint16_t u16(bytes input, std::size_t at) const {
        return is_big_endian ? big_endian_16(input, at) : little_endian_16(input, at);
    }
    [[nodiscard]] std::uint32_t u32(bytes input, std::size_t at) const {
        const auto value = big_endian_32(input, at);
        return is_big_endian ? value : __builtin_bswap32(value);
    }
    [[nodiscard]] std::uint64_t u64(bytes input, std::size_t at) const {
        const std::uint64_t first = u32(input, at);
        const std::uint64_t second = u32(input, at + 4);
        return is_big_endian ? first << 32 | second : second << 32 | first;
    }
};

}  // namespace framewire
