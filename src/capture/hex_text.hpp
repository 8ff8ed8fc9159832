#pragma once

#include "framewire/core/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// The bytes that a text describes.
struct hex_bytes {
    /// One for each `<` line of a transcript, otherwise one in all. None is empty.
    std::vector<std::string> chunks{};
    /// The spec behind `framing` of a transcript, its options joined by commas. It is not checked.
    std::optional<std::string> framing{};
    /// The text says that more bytes follow, which it does not show.
    bool cut = false;
};

/// Reads bytes as people paste them. What form a text has is seen from its first line:
///
/// - a dump of `xxd`, `hexdump -C` or Wireshark: offset, pairs of hexadecimal digits, text;
/// - a transcript: its `<` lines and its framing. `>`, `=`, `@` and `#` lines are skipped;
/// - pairs of hexadecimal digits, with or without blanks, commas, colons, `0x` or `\x`; text in
///   double quotes with the escapes `\\ \" \n \r \t \xNN`, followed by `...` where it is cut;
///   Python's `b'...'`; all of these also mixed.
///
/// Empty lines and lines that begin with `#` mean nothing in any form. Fails with line, column and
/// what was expected; also where a text can be read in two ways, or says that bytes are missing in
/// its middle.
[[nodiscard]] result<hex_bytes> read_hex(std::string_view text);

}  // namespace framewire
