#pragma once

#include "framewire/core/bytes.hpp"

#include <cstddef>
#include <string>

namespace framewire {

/// The text shown for a byte or a character, and its width in columns of a terminal.
struct glyph {
    std::string text;
    std::size_t columns = 0;
};

/// For a byte: itself if it is printable ASCII, `␣` for a space, else two hexadecimal digits.
[[nodiscard]] glyph glyph_of(char byte);
/// For a byte of a binary number: two hexadecimal digits.
[[nodiscard]] glyph hex_of(char byte);

/// The UTF-8 character at the beginning of `input`; no text if there is none. The width is zero
/// for characters that cannot be shown alone: control and combining characters.
[[nodiscard]] glyph character_at(bytes input);

}  // namespace framewire
