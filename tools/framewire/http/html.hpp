#pragma once

#include "cli/json.hpp"

#include <string>
#include <string_view>

namespace framewire {

/// The beginning of a page, up to where its style follows. `policy` is its
/// `Content-Security-Policy`. Requires: neither contains markup or quotes.
[[nodiscard]] std::string html_head(std::string_view title, std::string_view policy);

/// An element without attributes. Requires: `content` does not end it.
[[nodiscard]] std::string html_element(std::string_view name, std::string_view content);

/// JSON for the page's script, whatever texts it has.
[[nodiscard]] std::string html_data(std::string_view id, const json_value& data);

}  // namespace framewire
