#pragma once

#include "cli/command_line.hpp"

namespace framewire {

/// `framewire check`: finds out whether a server keeps the rules of its framing.
[[nodiscard]] command add_check(command_page& page);

}  // namespace framewire
