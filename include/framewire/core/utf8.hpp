#pragma once

#include "framewire/core/bytes.hpp"

#include <cstddef>
#include <cstdint>

namespace framewire {

/// Counts UTF-8 code points in pieces of any size, strictly: over-long forms, surrogates and
/// values above U+10FFFF are invalid from their first wrong byte on (RFC 3629, section 4). No
/// piece boundary causes a byte to be read again.
class utf8_counter {
public:
    /// Takes bytes from the front of `input` until it is empty, `characters_max` code points are
    /// complete in total, or a byte is wrong, which is not taken. Returns the number of bytes
    /// taken.
    std::size_t advance(bytes input, std::uint64_t characters_max = unknown_length) noexcept;

    /// Code points complete so far.
    [[nodiscard]] std::uint64_t characters() const noexcept { return characters_; }
    /// False from the first wrong byte on.
    [[nodiscard]] bool valid() const noexcept { return valid_; }
    /// True while the last code point is incomplete.
    [[nodiscard]] bool inside_character() const noexcept { return wanted_ != 0; }

private:
    bool take(std::uint8_t byte) noexcept;
    bool begin_character(std::uint8_t lead) noexcept;

    std::uint64_t characters_ = 0;
    std::uint8_t wanted_ = 0;
    std::uint8_t next_min_ = 0x80;
    std::uint8_t next_max_ = 0xBF;
    bool valid_ = true;
};

/// The number of code points in `text`, or `unknown_length` if it is not UTF-8.
[[nodiscard]] std::uint64_t count_utf8(bytes text) noexcept;

}  // namespace framewire
