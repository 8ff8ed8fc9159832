#pragma once

#include "cli/command_line.hpp"

namespace framewire {

/// `replay`: plays one end of a recording against the other, live end, and compares.
[[nodiscard]] command add_replay(command_page& page);

}  // namespace framewire
