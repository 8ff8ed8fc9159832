#pragma once

#include "cli/json.hpp"

#include <string>

namespace framewire {

/// The page that shows what `recent_messages` has: `facts` about the proxy, and what is `recent`.
/// With `live` it asks for what follows. Needs nothing else from a network.
[[nodiscard]] std::string live_page(const json_value& data);

/// Its `Content-Security-Policy`.
[[nodiscard]] std::string live_page_policy(bool is_live);

}  // namespace framewire
