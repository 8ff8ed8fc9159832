#pragma once

#include "cli/command_line.hpp"

namespace framewire {

/// `store`: shows what the service `store:FILE` has stored, also while it runs.
[[nodiscard]] command add_store(command_page& page);

}  // namespace framewire
