#pragma once

#include <chrono>
#include <string>

namespace framewire {

/// Where, when and how a run was made, so that its report can be understood later.
struct run_facts {
    std::string started;  ///< RFC 3339, UTC: `2026-05-31T12:34:56Z`
    std::string host;
    std::string system;  ///< `Linux 6.1.0 x86_64`
    unsigned processors = 0;
    std::string version;
    /// With quotes where a shell needs them.
    std::string command_line;
};

/// The facts of a run that begins now.
[[nodiscard]] run_facts read_facts();

}  // namespace framewire
