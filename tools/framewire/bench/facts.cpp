#include "facts.hpp"

#include "cli/file.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <ctime>
#include <string_view>
#include <thread>

namespace framewire {
namespace {

// Longer command lines exist, but nobody reads them.
constexpr std::uint64_t command_line_max = 64 * KiB;

std::string utc_now() {
    const std::time_t now = std::time(nullptr);
    std::tm date{};
    ::gmtime_r(&now, &date);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", date.tm_year + 1900,
                       date.tm_mon + 1, date.tm_mday, date.tm_hour, date.tm_min, date.tm_sec);
}

std::string quoted_for_shell(std::string_view word) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+:,./@%";
    if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) {
        return std::string(word);
    }
    std::string text = "'";
    for (const char one : word) {
        if (one == '\'') text += "'\\'";  // ends the quotes, and begins them again after it
        text += one;
    }
    return text + '\'';
}

// Each word ends with a NUL. The first is the program, whose folder says nothing.
std::string command_line() {
    const auto words = read_file("/proc/self/cmdline", command_line_max);
    std::string text = "framewire";
    if (!words) return text;
    std::string_view rest = *words;
    for (bool is_first = true; !rest.empty(); is_first = false) {
        const auto word = rest.substr(0, rest.find('\0'));
        if (!is_first) text += ' ' + quoted_for_shell(word);
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    }
    return text;
}

}  // namespace

run_facts read_facts() {
    utsname system{};
    (void)::uname(&system);
    return {.started = utc_now(),
            .host = system.nodename,
            .system = fmt::format("{} {} {}", system.sysname, system.release, system.machine),
            .processors = std::thread::hardware_concurrency(),
            .version = FRAMEWIRE_VERSION,
            .command_line = command_line()};
}

}  // namespace framewire
