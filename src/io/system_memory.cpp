#include "system_memory.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>
#include <algorithm>
#include <charconv>
#include <fstream>
#include <limits>

namespace framewire {
namespace {

constexpr auto unlimited = std::numeric_limits<std::uint64_t>::max();

// A file that says `max`, or that is not there, sets no limit. Nor does 0.
std::uint64_t number_in(const std::string& path) {
    std::string text;
    std::ifstream(path) >> text;
    std::uint64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc() && value > 0 ? value : unlimited;
}

// Of a group and of all above it. Inside a container the group's own path may not be visible; its
// limit is at the top then.
std::uint64_t least_upwards(const std::string& top, std::string group, const std::string& file) {
    auto least = number_in(top + "/" + file);
    while (group.size() > 1) {
        least = std::min(least, number_in(fmt::format("{}{}/{}", top, group, file)));
        group.erase(group.rfind('/'));
    }
    return least;
}

// `:cpu,memory`
bool names_memory(std::string_view controllers) noexcept {
    constexpr std::string_view name = "memory";
    const auto at = controllers.find(name);
    if (at == std::string_view::npos || at == 0) return false;
    const auto before = controllers[at - 1];
    const auto rest = controllers.substr(at + name.size());
    return (before == ':' || before == ',') && (rest.empty() || rest.front() == ',');
}

std::uint64_t resource_limit(decltype(RLIMIT_AS) which) noexcept {
    rlimit found{};
    if (::getrlimit(which, &found) != 0 || found.rlim_cur == RLIM_INFINITY) return unlimited;
    return found.rlim_cur;
}

}  // namespace

std::uint64_t memory_of_groups(const std::string& root) {
    const auto mounted = root + "/sys/fs/cgroup";
    auto least = unlimited;
    std::ifstream groups(root + "/proc/self/cgroup");
    // A line is `id:controllers:/path`; version 2 has no controllers in its line.
    for (std::string line; std::getline(groups, line);) {
        const auto first = line.find(':');
        const auto second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) continue;
        const auto controllers = std::string_view(line).substr(first, second - first);
        const auto path = line.substr(second + 1);
        if (!path.starts_with('/')) continue;
        if (controllers == ":") {
            least = std::min({least, least_upwards(mounted, path, "memory.max"),
                              least_upwards(mounted + "/unified", path, "memory.max")});
        } else if (names_memory(controllers)) {
            least =
                std::min(least, least_upwards(mounted + "/memory", path, "memory.limit_in_bytes"));
        }
    }
    return least;
}

std::uint64_t usable_memory() {
    const auto pages = ::sysconf(_SC_PHYS_PAGES);
    const auto page = ::sysconf(_SC_PAGESIZE);
    const auto machine = pages > 0 && page > 0
                             ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page)
                             : unlimited;
    return std::max<std::uint64_t>(
        1, std::min({machine, memory_of_groups(""), resource_limit(RLIMIT_AS),
                     resource_limit(RLIMIT_DATA)}));
}

}  // namespace framewire
