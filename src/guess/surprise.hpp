#pragma once

#include "framewire/core/bytes.hpp"

#include <array>
#include <bitset>
#include <cstddef>

namespace framewire {

/// How unexpected bytes are to a reader who only knows which ones are frequent in a stream: what a
/// framing requires at a place counts for it so much. In bits.
class surprise {
public:
    /// Requires: `stream` outlives this object.
    explicit surprise(bytes stream);

    /// That of a byte somewhere, and how likely it is one of these.
    [[nodiscard]] double of_value(unsigned char value) const noexcept { return bits_[value]; }
    [[nodiscard]] double probability(const std::bitset<256>& values) const noexcept;
    /// That of the byte at a place.
    [[nodiscard]] double at(std::size_t position) const noexcept;
    /// That of the bytes from `begin` to `end`.
    [[nodiscard]] double of(std::size_t begin, std::size_t end) const noexcept;

private:
    bytes stream_;
    std::array<double, 256> bits_{};
};

}  // namespace framewire
