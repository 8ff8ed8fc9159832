#pragma once

#include "framewire/core/units.hpp"

#include <sys/types.h>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>

namespace framewire {

/// Of the memory that a process has in use (VmRSS), in bytes.
struct memory_use {
    std::uint64_t before = 0;
    std::uint64_t most = 0;  ///< meanwhile
    std::uint64_t after = 0;
};

/// A process that grows by more while a client does not read keeps for it what it should not.
/// Buffers of sockets, which are the kernel's, are no part of it.
inline constexpr std::uint64_t memory_growth_max = 32 * MiB;

/// Nothing if there is no such process, or it may not be read.
[[nodiscard]] std::optional<std::uint64_t> memory_of(pid_t process);

/// `12.0MiB before, 12.4MiB at most, 12.0MiB after`
[[nodiscard]] std::string describe(const memory_use& use);

/// Reads a process's memory every few milliseconds.
class memory_sampler {
public:
    explicit memory_sampler(pid_t process);
    memory_sampler(const memory_sampler&) = delete;
    memory_sampler& operator=(const memory_sampler&) = delete;
    ~memory_sampler() { stop(); }

    /// Stops, and returns what was seen.
    [[nodiscard]] memory_use finish();

private:
    void stop();

    pid_t process_;
    memory_use use_;
    std::atomic<bool> is_over_{false};
    std::thread reads_;
};

}  // namespace framewire
