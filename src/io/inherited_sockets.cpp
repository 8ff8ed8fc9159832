#include "framewire/io/inherited_sockets.hpp"

#include "framewire/core/error.hpp"
#include "framewire/core/units.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace framewire {
namespace {

constexpr int first = 3;  // SD_LISTEN_FDS_START

std::optional<std::string> take_variable(const char* name) {
    const char* text = std::getenv(name);
    if (text == nullptr) return {};
    std::string value(text);
    ::unsetenv(name);
    return value;
}

std::string take_name(std::string_view& names) {
    const auto end = std::min(names.find(':'), names.size());
    std::string name(names.substr(0, end));
    names.remove_prefix(std::min(end + 1, names.size()));
    return name;
}

}  // namespace

result<std::vector<inherited_socket>> take_inherited_sockets() {
    const auto count_text = take_variable("LISTEN_FDS");
    const auto owner_text = take_variable("LISTEN_PID");
    const auto names_text = take_variable("LISTEN_FDNAMES");
    std::vector<inherited_socket> found;
    if (!count_text || !owner_text) return found;
    const auto owner = parse_number(*owner_text);
    const auto count = parse_number(*count_text);
    constexpr std::uint64_t most = 1 << 20;  // more than a process may have open
    if (!owner || !count || *count > most) {
        return tl::unexpected(failure{
            fmt::format("LISTEN_FDS={} LISTEN_PID={}: not numbers", *count_text, *owner_text)});
    }
    if (*owner != static_cast<std::uint64_t>(::getpid())) return found;
    std::string_view names(names_text ? *names_text : std::string_view());
    for (int i = 0; i < static_cast<int>(*count); ++i) {
        const int descriptor = first + i;
        if (::fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) {
            return tl::unexpected(
                failure{fmt::format("LISTEN_FDS={}: descriptor {}: {}", *count_text, descriptor,
                                    system_words(errno))});
        }
        found.push_back({descriptor, take_name(names)});
    }
    return found;
}

}  // namespace framewire
