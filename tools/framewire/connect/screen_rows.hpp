#pragma once

#include <cstddef>
#include <string_view>

namespace framewire {

/// How many rows the cursor is below the row in which the prompt begins, as libedit lays out the
/// prompt and the text before the cursor on a screen of `columns`.
[[nodiscard]] std::size_t rows_before_cursor(std::string_view prompt, std::wstring_view text,
                                             std::size_t columns) noexcept;

}  // namespace framewire
