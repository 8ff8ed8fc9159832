#pragma once

#include "cli/json.hpp"

#include <string>

namespace framewire {

/// The page that plays a walkthrough: one document that loads nothing else. Shows `data["walk"]`
/// (`walk_json`); with `data["form"]`, the current request, the page is a served one, with a form
/// for other requests.
[[nodiscard]] std::string walk_page(const json_value& data);

/// The content security policy of such a page: its own style and script; with `served`, also
/// requests to its own server.
[[nodiscard]] std::string walk_page_policy(bool served);

}  // namespace framewire
