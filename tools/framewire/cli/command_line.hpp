#pragma once

#include "command_page.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace framewire {

/// Runs a command with the words after `--`; returns the exit status.
using command = std::function<int(std::vector<std::string> messages)>;

/// A row of the table of commands; adds its options to the page and returns its function.
struct command_row {
    const char* name;
    const char* what;
    command (*add)(command_page& page);
};

/// The text of `framewire --help` besides the commands.
struct main_page {
    std::string what;
    std::string examples;
    std::string version;
};

/// Finds the command that `words` begin with, reads its options, runs it. Returns the exit status;
/// reports wrong usage.
[[nodiscard]] int run_command(const main_page& page, std::span<const command_row> commands,
                              const std::vector<std::string>& words);

}  // namespace framewire
