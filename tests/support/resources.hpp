#pragma once

#include <sys/resource.h>
#include <unistd.h>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#if !defined(__has_feature)
#define __has_feature(x) 0
#endif

namespace framewire::tests {

inline constexpr bool is_sanitized =
    __has_feature(address_sanitizer) != 0 || __has_feature(thread_sanitizer) != 0;

[[nodiscard]] inline std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

/// How many descriptors the pollers of this process wait for, each poller counted for itself.
[[nodiscard]] inline std::size_t polled_descriptors() {
    std::size_t count = 0;
    for (const auto& one : std::filesystem::directory_iterator("/proc/self/fdinfo")) {
        std::ifstream info(one.path());
        for (std::string line; std::getline(info, line);)
            count += line.starts_with("tfd:") ? 1U : 0U;
    }
    return count;
}

/// The resident memory of this process. 0 under a sanitizer, which keeps freed memory.
[[nodiscard]] inline std::uint64_t resident_bytes() {
    if (is_sanitized) return 0;
    std::ifstream statm("/proc/self/statm");
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    statm >> total >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// Processor time of all threads of this process.
[[nodiscard]] inline std::chrono::microseconds processor_time() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto of = [](const timeval& time) {
        return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
    };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

}  // namespace framewire::tests
