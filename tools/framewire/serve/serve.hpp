#pragma once

#include "cli/command_line.hpp"

namespace framewire {

/// `framewire serve`: answers many clients.
[[nodiscard]] command add_serve(command_page& page);

}  // namespace framewire
