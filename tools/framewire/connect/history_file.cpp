#include "history_file.hpp"

#include "cli/file.hpp"
#include "framewire/core/units.hpp"
#include "framewire/core/utf8.hpp"
#include "io/descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cstdlib>

namespace framewire {
namespace {

constexpr mode_t only_owner = 0600;
constexpr mode_t only_owner_enters = 0700;

// Far more than `lines_max` lines that people type.
constexpr std::uint64_t file_bytes_max = 16 * MiB;

std::string_view absolute_path(const char* variable) {
    const char* const value = std::getenv(variable);
    const std::string_view path = value == nullptr ? "" : value;
    return path.starts_with('/') ? path : "";
}

void make_folders(const std::string& path) {
    for (auto end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) {
        (void)::mkdir(path.substr(0, end).c_str(), only_owner_enters);
    }
}

bool is_text(std::string_view line) noexcept {
    utf8_counter counter;
    (void)counter.advance(line);
    return !line.empty() && counter.valid() && !counter.inside_character();
}

}  // namespace

std::string history_file::default_path() {
    constexpr std::string_view name = "/framewire/history";
    if (const auto state = absolute_path("XDG_STATE_HOME"); !state.empty()) {
        return std::string(state) + std::string(name);
    }
    const auto home = absolute_path("HOME");
    return home.empty() ? "" : std::string(home) + "/.local/state" + std::string(name);
}

std::vector<std::string> history_file::read(std::size_t lines_max) const {
    struct stat status {};
    if (path_.empty() || ::stat(path_.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return {};
    }
    const auto content = read_file(path_, file_bytes_max);
    if (!content) return {};
    std::vector<std::string> lines;
    std::string_view rest = *content;
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        if (is_text(line)) lines.emplace_back(line);
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
    if (lines.size() <= lines_max) return lines;
    const bool is_long = lines.size() > 2 * lines_max;
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(lines_max));
    if (is_long) {
        std::string kept;
        for (const auto& line : lines) kept += line + '\n';
        (void)write_file(path_, kept);
    }
    return lines;
}

void history_file::append(std::string_view line) const {
    if (path_.empty() || !is_text(line)) return;
    make_folders(path_);
    const owned_descriptor file(
        ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC, only_owner));
    if (file.is_open()) (void)write_all(file.get(), std::string(line) + '\n');
}

}  // namespace framewire
