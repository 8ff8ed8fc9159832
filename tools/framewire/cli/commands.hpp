#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace framewire {

/// Adds a command to the command line and answers the function that runs it, which is given the
/// words behind `--` and returns the exit status. One function per command, each in its own file.
using command = std::function<int(std::vector<std::string> messages)>;

[[nodiscard]] command add_serve(CLI::App& app);
[[nodiscard]] command add_connect(CLI::App& app);
[[nodiscard]] command add_send(CLI::App& app);
[[nodiscard]] command add_trace(CLI::App& app);
[[nodiscard]] command add_bench(CLI::App& app);
[[nodiscard]] command add_protocols(CLI::App& app);
[[nodiscard]] command add_framings(CLI::App& app);

}  // namespace framewire
