#pragma once

#include "cli/command_line.hpp"

namespace framewire {

/// Stands between clients and a server, and knows their messages.
[[nodiscard]] command add_proxy(command_page& page);

}  // namespace framewire
