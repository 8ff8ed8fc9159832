#pragma once

#include "cli/json.hpp"

#include <string>

namespace framewire {

/// The page that plays a walkthrough: one document that needs nothing else and lets nothing else
/// in. Shows `data["walk"]` (`walk_json`); with `data["form"]`, what was asked for, the page is
/// served, and has a box in which to ask for something else.
[[nodiscard]] std::string walk_page(const json_value& data);

/// What a browser is to allow such a page: its own style and script. With `served`, asking the
/// server it came from.
[[nodiscard]] std::string walk_page_policy(bool served);

}  // namespace framewire
