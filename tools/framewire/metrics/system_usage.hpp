#pragma once

#include <cstdint>

namespace framewire {

/// What the system counts for this program. What it does not say is 0.
struct system_usage {
    double cpu_seconds = 0;
    /// Since the epoch.
    double start_seconds = 0;
    std::uint64_t resident_bytes = 0;
    std::uint64_t virtual_bytes = 0;
    std::uint64_t descriptors = 0;
    std::uint64_t descriptors_max = 0;
    std::uint64_t threads = 0;
};

[[nodiscard]] system_usage usage_now();

}  // namespace framewire
