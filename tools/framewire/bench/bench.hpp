#pragma once

#include "cli/command_line.hpp"

namespace framewire {

/// `framewire bench`: measures a server under load.
[[nodiscard]] command add_bench(command_page& page);

}  // namespace framewire
