#pragma once

#include "text_lines.hpp"

#include <string>
#include <vector>

namespace framewire {

/// Whether the text is a dump: each line an offset, bytes in hexadecimal digits, and mostly the
/// same as text. Requires: there are lines.
[[nodiscard]] bool is_dump(const std::vector<text_line>& lines);

/// The bytes of a dump. A line `*` stands for copies of the line in front of it. Requires:
/// `is_dump(lines)`.
[[nodiscard]] result<std::string> read_dump(const std::vector<text_line>& lines);

}  // namespace framewire
