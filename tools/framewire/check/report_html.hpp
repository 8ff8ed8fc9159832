#pragma once

#include "report.hpp"

#include <string>
#include <string_view>

namespace framewire {

/// For the text and the attributes of HTML and XML.
[[nodiscard]] std::string in_markup(std::string_view text);

/// One file without scripts and without resources elsewhere, light or dark.
[[nodiscard]] std::string as_html(const check_report& report);

}  // namespace framewire
