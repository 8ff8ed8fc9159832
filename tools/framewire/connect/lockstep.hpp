#pragma once

#include "blocking_connection.hpp"
#include "cli/options.hpp"
#include "history_file.hpp"

#include <chrono>

namespace framewire {

struct lockstep_options {
    /// For each reply; zero waits for ever.
    std::chrono::milliseconds timeout{};
    bool timestamps = false;
};

/// Talks to a server as the program of a protocol does, on the same console: a prompt, a message,
/// its reply, and again. Returns the exit status.
[[nodiscard]] int talk_in_lockstep(blocking_connection& connection, const target& with,
                                   const lockstep_options& options, history_file& history);

}  // namespace framewire
