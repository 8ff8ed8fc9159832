#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// True if the text of a row begins with the mark of a tool: `|` (hexdump), `>` (od), `#` (nc).
[[nodiscard]] bool is_marked_text(std::string_view shown) noexcept;

/// True if `shown` is how a tool shows these bytes as text: what cannot be shown as a dot, perhaps
/// between marks. Spaces at its ends, or a gap after the eighth character, do not count.
[[nodiscard]] bool is_text_of(std::string_view shown, std::string_view data);

/// What is expected after a text that has an opening mark only.
[[nodiscard]] std::optional<std::string_view> unclosed_text(std::string_view shown) noexcept;

/// Words for a text that is that of other bytes.
[[nodiscard]] std::string mismatch(std::string_view shown, std::string_view data);

}  // namespace framewire
