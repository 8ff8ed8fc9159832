#pragma once

#include "cli/command_line.hpp"

namespace framewire {

/// `framewire trace`: shows messages, or captured bytes, as frames.
[[nodiscard]] command add_trace(command_page& page);

}  // namespace framewire
