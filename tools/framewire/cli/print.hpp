#pragma once

#include "framewire/core/result.hpp"

#include <string_view>

namespace framewire {

/// The exit statuses of every command.
inline constexpr int status_done = 0;
inline constexpr int status_failed = 1;  // a peer, the network, or a check that did not pass
inline constexpr int status_usage = 2;
inline constexpr int status_missed = 3;  // `bench`: no faults, but a threshold was exceeded

/// Writes to standard output at once. False, with `errno`, if it cannot be written.
bool print(std::string_view text);

/// Writes to standard error.
void print_error(std::string_view text);

/// Prints `framewire COMMAND: why`, and a line with the hint if there is one.
void report(std::string_view command_name, const failure& why);

}  // namespace framewire
