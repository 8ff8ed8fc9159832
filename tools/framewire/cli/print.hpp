#pragma once

#include "framewire/core/result.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace framewire {

/// The exit statuses of every command.
inline constexpr int status_done = 0;
inline constexpr int status_failed = 1;  // a peer, the network, or a check that did not pass
inline constexpr int status_usage = 2;
inline constexpr int status_missed = 3;  // `bench`: no faults, but a threshold was exceeded

/// Standard output cannot be written. `run_command` reports it: exit status 1.
struct print_failure final : std::runtime_error {
    explicit print_failure(int error);
    /// The reader has ended, as `head` does: that is no news for anyone.
    bool reader_left;
};

/// Writes to standard output at once, waiting for the reader if necessary. Throws `print_failure`.
void print(std::string_view text);

/// Writes to standard error.
void print_error(std::string_view text);

/// `framewire COMMAND: why`, and a line with the hint if there is one. Control characters are
/// escaped.
[[nodiscard]] std::string report_text(std::string_view command_name, const failure& why);

/// Writes it to standard error.
void report(std::string_view command_name, const failure& why);

}  // namespace framewire
