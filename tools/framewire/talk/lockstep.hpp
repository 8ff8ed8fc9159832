#pragma once

#include "blocking_connection.hpp"
#include "cli/options.hpp"
#include "history_file.hpp"

#include <chrono>

namespace framewire {

/// Talks to a server as the program of a protocol does, on the same console: a prompt, a message,
/// its reply, and again. Returns the exit status. A `timeout` of zero waits for ever.
[[nodiscard]] int talk_in_lockstep(blocking_connection& connection, const target& with,
                                   std::chrono::milliseconds timeout, history_file& history);

}  // namespace framewire
