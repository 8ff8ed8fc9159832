#pragma once

#include "cli/command_line.hpp"

namespace framewire {

/// `framewire protocols`: lists the named protocols.
[[nodiscard]] command add_protocols(command_page& page);
/// `framewire framings`: lists the framings and their options.
[[nodiscard]] command add_framings(command_page& page);

}  // namespace framewire
