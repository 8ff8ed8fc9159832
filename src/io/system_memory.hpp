#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

/// How many bytes of memory this program may use: the least of what the machine has, what its
/// control groups allow (of both versions, also those above its own), and its resource limits for
/// addresses and data. Never 0.
[[nodiscard]] std::uint64_t usable_memory();

/// The same for control groups only, as the files below `root` describe them: `proc/self/cgroup`,
/// and groups in `sys/fs/cgroup`. The largest number if they set no limit.
[[nodiscard]] std::uint64_t memory_of_groups(const std::string& root);

}  // namespace framewire
