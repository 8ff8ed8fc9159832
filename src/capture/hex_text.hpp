#pragma once

#include "framewire/core/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// The bytes that a text describes.
struct hex_bytes {
    /// One for each `<` line of a transcript, otherwise one in total. None is empty.
    std::vector<std::string> chunks{};
    /// The spec in the `framing` line of a transcript, its options joined by commas; unchecked.
    std::optional<std::string> framing{};
    /// True if the text says that more bytes follow than it shows.
    bool cut = false;
};

/// Reads bytes as people paste them. The first line determines the form:
///
/// - a dump of `xxd`, `hexdump -C` or Wireshark: offset, pairs of hexadecimal digits, text;
/// - a transcript: its `<` lines and its framing. `>`, `=`, `@` and `#` lines are skipped;
/// - pairs of hexadecimal digits, with or without spaces, commas, colons, `0x` or `\x`; text in
///   double quotes with the escapes `\\ \" \n \r \t \xNN`, followed by `...` if it is cut;
///   Python's `b'...'`; all of these also mixed.
///
/// Empty lines and lines that begin with `#` are ignored in any form. Fails with line, column and
/// what was expected; also if a text is ambiguous, or says that bytes are missing in its middle.
[[nodiscard]] result<hex_bytes> read_hex(std::string_view text);

}  // namespace framewire
