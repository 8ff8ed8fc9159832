#pragma once

#include "cli/command_line.hpp"

namespace framewire {

/// `framewire send`: a script talks to a server.
[[nodiscard]] command add_send(command_page& page);
/// `framewire receive`: prints what a peer sends, and sends nothing.
[[nodiscard]] command add_receive(command_page& page);

}  // namespace framewire
