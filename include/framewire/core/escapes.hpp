#pragma once

#include "framewire/core/result.hpp"

#include <string>
#include <string_view>

namespace framewire {

/// Replaces `\r \n \t \0 \\` and `\xHH` with the byte that they name, and `\uHHHH` with that
/// character in UTF-8. The digits are hexadecimal, of either case. Fails on any other backslash;
/// the words say where.
[[nodiscard]] result<std::string> unescape(std::string_view text);

/// The bytes that pairs of hexadecimal digits name. Spaces and colons may be between pairs:
/// `02 48 69`, `02:48:69`, `024869`. Fails on everything else; the words say where.
[[nodiscard]] result<std::string> parse_hex(std::string_view text);

/// Removes one byte or one escape from the front of `text` and appends to `out` what it means. A
/// backslash before a character of `as_itself` means that character. False if the escape is not
/// known. Requires: `text` is not empty.
[[nodiscard]] bool take_unescaped(std::string_view& text, std::string& out,
                                  std::string_view as_itself = {});

}  // namespace framewire
