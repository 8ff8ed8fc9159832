#pragma once

#include "page_spec.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace framewire {

inline constexpr std::size_t screen_columns = 80;

/// How much of a page is shown: what fits a screen, or every option and the notes.
enum class help_extent { usual, all };

/// The help page of a command, or of `framewire` itself; headings are bold if the reader is a
/// terminal that obeys.
[[nodiscard]] std::string help_text(const page_spec& page, help_extent extent, bool is_bold);

/// `-f, --framing SPEC`
[[nodiscard]] std::string option_heading(const option_spec& option);
/// The meaning, and the default if there is one: `wait at most TIME (default 5s)`.
[[nodiscard]] std::string option_meaning(const option_spec& option);

/// Breaks the text at spaces, so that no line, including `indent` spaces before it, has more than
/// `columns` characters. Line feeds stay. The first line is not indented.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t indent,
                                  std::size_t columns = screen_columns);

}  // namespace framewire
