#pragma once

#include "cli/command_line.hpp"

namespace framewire {

/// `framewire certificate`: writes certificates for trying out TLS.
command add_certificate(command_page& page);

}  // namespace framewire
