#pragma once

#include "cli/command_line.hpp"

namespace framewire {

/// `framewire connect`: a person talks to a server.
[[nodiscard]] command add_connect(command_page& page);

}  // namespace framewire
