#include "process_memory.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <exception>
#include <fstream>

namespace framewire {
namespace {

constexpr std::chrono::milliseconds sample_interval{5};

std::string in_mebibytes(std::uint64_t size) {
    return fmt::format("{:.1f}MiB", static_cast<double>(size) / static_cast<double>(MiB));
}

}  // namespace

std::optional<std::uint64_t> memory_of(pid_t process) {
    std::ifstream status(fmt::format("/proc/{}/status", process));
    std::string word;
    while (status >> word) {
        std::uint64_t size = 0;
        if (word == "VmRSS:" && status >> size) return size * KiB;
    }
    return std::nullopt;
}

std::string describe(const memory_use& use) {
    return fmt::format("{} before, {} at most, {} after", in_mebibytes(use.before),
                       in_mebibytes(use.most), in_mebibytes(use.after));
}

memory_sampler::memory_sampler(pid_t process)
    : process_(process), use_{.before = memory_of(process).value_or(0)}, reads_([this] {
          while (!is_over_) {
              try {
                  use_.most = std::max(use_.most, memory_of(process_).value_or(0));
              } catch (const std::exception&) {  // out of memory: one sample less
              }
              std::this_thread::sleep_for(sample_interval);
          }
      }) {}

memory_use memory_sampler::finish() {
    stop();
    use_.after = memory_of(process_).value_or(0);
    use_.most = std::max(use_.most, use_.after);
    return use_;
}

void memory_sampler::stop() {
    is_over_ = true;
    if (reads_.joinable()) reads_.join();
}

}  // namespace framewire
