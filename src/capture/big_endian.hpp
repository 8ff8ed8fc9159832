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

}  // namespace framewire
