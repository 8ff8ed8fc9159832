#pragma once

#include "text_lines.hpp"

#include <string>
#include <vector>

namespace framewire {

/// True if the text is a dump: each line has an offset, bytes in hexadecimal digits, and usually
/// the same bytes as text. Requires: there are lines.
[[nodiscard]] bool has_offsets(const std::vector<text_line>& lines);

/// The bytes of a dump. A line `*` repeats the line before it. Requires: `has_offsets(lines)`.
[[nodiscard]] result<std::string> read_offset_lines(const std::vector<text_line>& lines);

}  // namespace framewire
