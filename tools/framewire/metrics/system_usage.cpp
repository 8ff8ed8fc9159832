#include "system_usage.hpp"

#include <sys/resource.h>
#include <unistd.h>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace framewire {
namespace {

// Of /proc/self/stat, as proc(5) numbers them: the second may have spaces, and ends with `)`.
constexpr int field_after_name = 3;
constexpr int field_user_time = 14;
constexpr int field_system_time = 15;
constexpr int field_threads = 20;
constexpr int field_start = 22;
constexpr int field_virtual = 23;
constexpr int field_resident = 24;

double since_epoch_at_boot() {
    timespec now{};
    timespec since_boot{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    ::clock_gettime(CLOCK_BOOTTIME, &since_boot);
    constexpr double nanoseconds = 1e-9;
    return static_cast<double>(now.tv_sec - since_boot.tv_sec) +
           static_cast<double>(now.tv_nsec - since_boot.tv_nsec) * nanoseconds;
}

void read_stat(system_usage& into) {
    std::ifstream file("/proc/self/stat");
    std::string text;
    if (!std::getline(file, text)) return;
    const auto name_end = text.rfind(')');
    if (name_end == std::string::npos) return;
    std::istringstream rest(text.substr(name_end + 1));
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    std::string word;
    for (int field = field_after_name; field <= field_resident && rest >> word; ++field) {
        const auto value = std::strtoull(word.c_str(), nullptr, 10);
        switch (field) {
            case field_user_time:
            case field_system_time: into.cpu_seconds += static_cast<double>(value) / ticks; break;
            case field_threads: into.threads = value; break;
            case field_start:
                into.start_seconds = since_epoch_at_boot() + static_cast<double>(value) / ticks;
                break;
            case field_virtual: into.virtual_bytes = value; break;
            case field_resident:
                into.resident_bytes = value * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
                break;
            default: break;
        }
    }
}

void count_descriptors(system_usage& into) {
    std::error_code error;
    std::filesystem::directory_iterator at("/proc/self/fd", error);
    for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
        ++into.descriptors;
    }
    if (into.descriptors > 0) --into.descriptors;  // the one that reads the folder
    rlimit allowed{};
    if (::getrlimit(RLIMIT_NOFILE, &allowed) == 0) into.descriptors_max = allowed.rlim_cur;
}

}  // namespace

system_usage usage_now() {
    system_usage now;
    read_stat(now);
    count_descriptors(now);
    return now;
}

}  // namespace framewire
