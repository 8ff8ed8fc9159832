#pragma once

#include "framewire/core/bytes.hpp"

#include <cstddef>
#include <string>

namespace framewire {

/// What is shown for a byte or a character, and how many columns of a terminal it takes.
struct glyph {
    std::string text;
    std::size_t columns = 0;
};

/// A byte: itself if it is printable ASCII, `␣` for a blank, else two hexadecimal digits.
[[nodiscard]] glyph glyph_of(char byte);

/// The UTF-8 character in front of `input`, as it stands there; no text if there is none. It takes
/// no columns where it cannot be shown alone: control characters and those that combine.
[[nodiscard]] glyph character_at(bytes input);

}  // namespace framewire
