#pragma once

#include "framewire/core/bytes.hpp"

#include <cstddef>
#include <string>

namespace framewire {

/// Whether a character is shown. False for controls, and for what reverses, hides or breaks lines
/// of text, such as U+202E, U+200B or U+2028. Requires: the bytes of one character, in UTF-8.
[[nodiscard]] bool is_visible(bytes character) noexcept;

/// Appends the bytes, escaping everything that could disturb a line or a terminal: control
/// characters as `\n`, `\t`, `\r` or `\x1b`, other invisible characters (`is_visible`) and bytes
/// that are not UTF-8 byte by byte as `\xff`, `\` as `\\`, and `mark` as `\"` or `\'`. Visible
/// UTF-8 is unchanged. With a `mark` of 0, neither quotes nor backslashes are escaped.
void append_escaped(bytes input, char mark, std::string& out);

/// The bytes in double quotes, as transcripts and error messages write them. After `bytes_max`
/// bytes the rest is replaced with `...` after the closing quote.
[[nodiscard]] std::string quote(bytes input, std::size_t bytes_max = static_cast<std::size_t>(-1));

/// The bytes as pairs of hexadecimal digits, separated by spaces. After `bytes_max` bytes the rest
/// is replaced with ` ...`.
[[nodiscard]] std::string hex(bytes input, std::size_t bytes_max = static_cast<std::size_t>(-1));

}  // namespace framewire
