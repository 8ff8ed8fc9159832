#pragma once

#include "cli/command_line.hpp"
#include "server_log.hpp"

namespace framewire {

/// `--log`, `--log-level` and `--log-rate`.
void add_log_options(command_page& page, log_settings& into);

}  // namespace framewire
