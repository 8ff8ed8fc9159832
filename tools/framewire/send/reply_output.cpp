#include "reply_output.hpp"

#include "cli/file.hpp"
#include "cli/print.hpp"
#include "cli/python_text.hpp"
#include "cli/timestamp.hpp"
#include "framewire/core/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <charconv>
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

result<owned_descriptor> open_file(const std::string& path, int how) {
    const int opened = path.empty()
                           ? ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                           : ::open(path.c_str(), O_WRONLY | O_CLOEXEC | how, as_umask_allows);
    if (opened < 0) return cannot_write(path, errno);
    return owned_descriptor(opened);
}

}  // namespace

reply_output::reply_output(output_form form, std::string path, owned_descriptor file) noexcept
    : form_(std::move(form)),
      path_(std::move(path)),
      file_(std::move(file)),
      adds_line_ends_(!form_.path && !form_.frames),
      is_terminal_(::isatty(file_.get()) != 0) {}

result<reply_output> reply_output::open(output_form form) {
    const auto path = form.path.value_or("-");
    if (auto paths = numbers_in(path)) return open_numbered(std::move(form), std::move(*paths));
    const auto name = path == "-" ? std::string() : path;
    return open_file(name, O_CREAT).map([&](owned_descriptor&& file) {
        return reply_output(std::move(form), name, std::move(file));
    });
}

// Its files are made as replies come, but their folder must be there before anything is sent.
result<reply_output> reply_output::open_numbered(output_form form, numbered_path paths) {
    const auto slash = paths.before.rfind('/');
    const auto folder = slash == std::string::npos ? "." : paths.before.substr(0, slash + 1);
    if (::access(folder.c_str(), W_OK) != 0) return cannot_write(*form.path, errno);
    auto path = *form.path;
    reply_output made(std::move(form), std::move(path), owned_descriptor());
    made.numbered_ = std::move(paths);
    return made;
}

std::optional<reply_output::numbered_path> reply_output::numbers_in(const std::string& path) {
    const auto begin = path.find('%');
    const auto end = path.find('d', begin);
    if (begin == std::string::npos || end == std::string::npos) return std::nullopt;
    const auto number = path.substr(begin + 1, end - begin - 1);
    std::size_t width = 0;
    constexpr std::size_t width_max = 20;
    const auto* const last = number.data() + number.size();
    const auto read = std::from_chars(number.data(), last, width);
    const bool is_width = number.starts_with('0') && read.ptr == last && width <= width_max;
    if (!number.empty() && !is_width) return std::nullopt;
    return numbered_path{path.substr(0, begin), width, path.substr(end + 1)};
}

result<void> reply_output::clear() {
    if (is_file() && ::ftruncate(file_.get(), 0) != 0) return cannot_write(path_, errno);
    return {};
}

result<void> reply_output::write(bytes data, bool last) {
    if (form_.is_json) return {};
    if (form_.frames) {
        std::string frame;
        const auto framed = form_.frames->encode(data, frame);
        if (framed) return numbered_ ? write_numbered(frame, true) : put(frame);
        return tl::unexpected(failure{
            "--output-framing: " + form_.frames->refusal(framed.error(), data.size()).message()});
    }
    if (numbered_) return write_numbered(data, last);
    return adds_line_ends_ ? write_line(data, last) : put(data);
}

result<void> reply_output::write_numbered(bytes data, bool last) {
    if (!file_.is_open()) {
        path_ = fmt::format("{}{:0{}}{}", numbered_->before, ++number_, numbered_->width,
                            numbered_->after);
        auto opened = open_file(path_, O_CREAT | O_TRUNC);
        if (!opened) return tl::unexpected(opened.error());
        file_ = std::move(*opened);
    }
    auto done = put(data);
    if (last && !file_.close() && done) return cannot_write(path_, errno);
    return done;
}

result<void> reply_output::write_line(bytes data, bool last) {
    if (auto begun = begin_line(); !begun) return begun;
    inside_line_ = !last && (data.empty() ? inside_line_ : !data.ends_with('\n'));
    if (is_terminal_ && !form_.is_raw) return put(for_terminal(data, last));
    if (!last) return put(data);
    if (data.size() < line_bytes_max) return put(std::string(data) + '\n');
    return put(data).and_then([&] { return put("\n"); });
}

result<void> reply_output::begin_line() {
    if (!form_.has_timestamps || inside_line_) return {};
    return put(std::string(timestamp().text()) + ' ');
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
    if (inside_line_ && is_terminal_) {
        if (auto ended = write_line("", true); !ended) return ended;
    }
    if (file_.is_open() && !file_.close()) return cannot_write(path_, errno);
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
    return !path_.empty() && file_.is_open() && ::fstat(file_.get(), &status) == 0 &&
           S_ISREG(status.st_mode);
}

}  // namespace framewire
