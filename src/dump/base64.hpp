#pragma once

#include "text_lines.hpp"

#include <string>

namespace framewire {

/// Appends the bytes of base64 (RFC 4648, sections 4 and 5), also without the padding at its end.
/// White space is ignored. Each call is a text of its own.
[[nodiscard]] result<void> append_base64(const std::vector<text_line>& lines, std::string& out);

/// True if the text is nothing but base64, and long enough to be no word.
[[nodiscard]] bool looks_like_base64(std::string_view text);

}  // namespace framewire
