#pragma once

#include "framewire/core/result.hpp"
#include "framewire/transcript/transcript.hpp"

#include <string_view>

namespace framewire {

/// Without white space at its ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// A line that is not empty, and trimmed: its number and connection are the caller's to fill in. A
/// `connection` line is none of these.
[[nodiscard]] result<transcript_line> parse_line(std::string_view line);

}  // namespace framewire
