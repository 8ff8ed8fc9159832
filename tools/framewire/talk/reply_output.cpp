#include "reply_output.hpp"

#include "cli/file.hpp"
#include "cli/print.hpp"
#include "cli/python_text.hpp"
#include "framewire/core/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <cerrno>
#include <utility>

namespace framewire {
namespace {

constexpr mode_t as_umask_allows = 0666;

// Shorter lines are written at once, so that those of several programs do not mix (PIPE_BUF).
constexpr std::size_t line_bytes_max = 4096;

tl::unexpected<failure> cannot_write(const std::string& path, int error) {
    if (path.empty()) return tl::unexpected(failure{print_failure(error).what()});
    return tl::unexpected(
        failure{fmt::format("cannot write '{}': {}", path, system_words(error))});
}

owned_descriptor standard_output() {
    return owned_descriptor(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0));
}

}  // namespace

reply_output::reply_output(std::string path, owned_descriptor file, bool adds_line_ends) noexcept
    : path_(std::move(path)),
      file_(std::move(file)),
      adds_line_ends_(adds_line_ends),
      is_terminal_(::isatty(file_.get()) != 0) {}

result<reply_output> reply_output::lines() {
    auto file = standard_output();
    if (!file.is_open()) return cannot_write("", errno);
    return reply_output("", std::move(file), true);
}

result<reply_output> reply_output::open(const std::string& path) {
    const bool standard = path == "-";
    owned_descriptor file(
        standard ? standard_output()
                 : owned_descriptor(
                       ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, as_umask_allows)));
    const auto& name = standard ? std::string() : path;
    if (!file.is_open()) return cannot_write(name, errno);
    return reply_output(name, std::move(file), false);
}

result<void> reply_output::clear() {
    if (is_file() && ::ftruncate(file_.get(), 0) != 0) return cannot_write(path_, errno);
    return {};
}

result<void> reply_output::write(bytes data, bool last) {
    if (!adds_line_ends_) return put(data);
    if (is_terminal_) return put(for_terminal(data, last));
    if (!last) return put(data);
    if (data.size() < line_bytes_max) return put(std::string(data) + '\n');
    return put(data).and_then([&] { return put("\n"); });
}

result<void> reply_output::put(bytes data) {
    if (!write_all(file_.get(), data)) return cannot_write(path_, errno);
    return {};
}

// A character may come in two pieces.
std::string reply_output::for_terminal(bytes data, bool last) {
    const auto joined = std::exchange(cut_, {}) + std::string(data);
    const auto whole = last ? bytes(joined) : whole_characters(joined);
    cut_ = joined.substr(whole.size());
    return terminal_text(whole) + (last ? "\n" : "");
}

result<void> reply_output::close() {
    if (!file_.close()) return cannot_write(path_, errno);
    return {};
}

bool reply_output::replaces(int other) const noexcept {
    struct stat ours {};
    struct stat theirs {};
    return is_file() && ::fstat(file_.get(), &ours) == 0 && ::fstat(other, &theirs) == 0 &&
           ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

// True only for a named file: standard output must not be emptied.
bool reply_output::is_file() const noexcept {
    struct stat status {};
    return !path_.empty() && ::fstat(file_.get(), &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace framewire
