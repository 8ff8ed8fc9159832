#include "reply_output.hpp"

#include "cli/file.hpp"
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
    reply_output opened("", standard_output(), true);
    if (!opened.file_.is_open()) return opened.cannot_write();
    return opened;
}

result<reply_output> reply_output::open(const std::string& path) {
    const bool standard = path == "-";
    reply_output opened(standard ? "" : path,
                        standard
                            ? standard_output()
                            : owned_descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC,
                                                      as_umask_allows)),
                        false);
    if (!opened.file_.is_open()) return opened.cannot_write();
    return opened;
}

result<void> reply_output::clear() {
    if (is_file() && ::ftruncate(file_.get(), 0) != 0) return cannot_write();
    return {};
}

result<void> reply_output::write(bytes data, bool last) {
    if (!adds_line_ends_ || !last) {
        if (!write_all(file_.get(), data)) return cannot_write();
        return {};
    }
    const bool is_short = data.size() < line_bytes_max;
    const bool written = is_short ? write_all(file_.get(), std::string(data) + '\n')
                                  : write_all(file_.get(), data) && write_all(file_.get(), "\n");
    if (!written) return cannot_write();
    return {};
}

result<void> reply_output::close() {
    if (!file_.close()) return cannot_write();
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

tl::unexpected<failure> reply_output::cannot_write() const {
    const auto why = system_words(errno);
    return tl::unexpected(failure{path_.empty()
                                      ? fmt::format("cannot write: {}", why)
                                      : fmt::format("cannot write '{}': {}", path_, why)});
}

}  // namespace framewire
