#include "message_file.hpp"

#include "framewire/core/error.hpp"
#include "framewire/core/units.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <algorithm>
#include <cerrno>
#include <utility>

namespace framewire {
namespace {

// Several reads of a fast disk, but little memory.
constexpr std::size_t buffer_bytes = 256 * KiB;

tl::unexpected<failure> cannot_read(const std::string& path, int error) {
    return tl::unexpected(failure{fmt::format("cannot read '{}': {}", path, system_words(error))});
}

// Repeats the call after an interrupting signal.
template <class Call>
::ssize_t uninterrupted(Call call) {
    auto size = call();
    while (size < 0 && errno == EINTR) size = call();
    return size;
}

}  // namespace

result<message_file> message_file::open(const std::string& path) {
    owned_descriptor file(path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                      : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (!file.is_open() || ::fstat(file.get(), &status) != 0) return cannot_read(path, errno);
    if (S_ISDIR(status.st_mode)) return cannot_read(path, EISDIR);
    message_file opened(path, std::move(file));
    const auto start = ::lseek(opened.native_handle(), 0, SEEK_CUR);
    // Files that the system generates on reading report a size of zero.
    if (S_ISREG(status.st_mode) && start >= 0 && start < status.st_size) {
        opened.start_ = static_cast<std::uint64_t>(start);
        opened.size_ = static_cast<std::uint64_t>(status.st_size - start);
        // Other readers of standard input continue after our message.
        (void)::lseek(opened.native_handle(), status.st_size, SEEK_SET);
    }
    return opened;
}

result<void> message_file::scan(const framing& frames) {
    if (frames.counts() == counting::in_characters) return count_characters();
    if (frames.announces_length() || frames.is_raw()) return {};
    return try_to_frame(frames);
}

result<void> message_file::count_characters() {
    utf8_counter counter;
    for (std::uint64_t at = 0; at < size_;) {
        const auto data = read_at(at);
        if (!data) return tl::unexpected(data.error());
        const auto valid = counter.advance(*data);
        at += valid;
        if (valid < data->size() || (at == size_ && counter.inside_character())) {
            return tl::unexpected(failure{
                fmt::format("{} at {}: '{}' is not UTF-8, and this framing counts characters",
                            error_name(errc::frame_utf8), at, path_)});
        }
    }
    length_ = counter.characters();
    return {};
}

result<void> message_file::try_to_frame(const framing& frames) {
    std::string unused;
    auto frame = frames.begin(size_, unused);
    auto framed = frame.map([](const open_frame&) {});
    for (std::uint64_t at = 0; framed && at < size_;) {
        const auto data = read_at(at);
        if (!data) return tl::unexpected(data.error());
        at += data->size();
        unused.clear();
        framed = frames.append(*frame, *data, unused);
    }
    if (framed) framed = frames.end(*frame, unused);
    if (framed) return {};
    return tl::unexpected(
        failure{fmt::format("{}: '{}' cannot be framed by {}: {}", error_name(framed.error()),
                            path_, frames.spec(), make_error_code(framed.error()).message()),
                "a framing that announces lengths carries any bytes"});
}

result<std::string> message_file::read_all(std::uint64_t size_max) {
    std::string content;
    while (true) {
        if (!readable(-1)) continue;
        const auto data = read_some();
        if (!data) return tl::unexpected(data.error());
        if (data->empty()) return content;
        content += *data;
        if (content.size() > size_max) {
            return tl::unexpected(
                failure{fmt::format("'{}' has more than {}, and its length must be sent first",
                                    path_, format_size(size_max)),
                        "raise --max-payload, or send a file"});
        }
    }
}

bool message_file::is_ready() const noexcept { return size_ != unknown_length || readable(0); }

result<bytes> message_file::read() {
    if (size_ == unknown_length) return read_some();
    if (taken_ == size_) return bytes{};
    auto data = read_at(taken_);
    if (data) taken_ += data->size();
    return data;
}

// Reads at least one byte of the file's content at its opening.
result<bytes> message_file::read_at(std::uint64_t taken) {
    buffer_.resize(buffer_bytes);
    const auto wanted = std::min<std::uint64_t>(buffer_.size(), size_ - taken);
    const auto size = uninterrupted([&] {
        return ::pread(file_.get(), buffer_.data(), wanted, static_cast<off_t>(start_ + taken));
    });
    if (size < 0) return cannot_read(path_, errno);
    if (size == 0) return changed("became shorter");
    return bytes(buffer_).substr(0, static_cast<std::size_t>(size));
}

// Reads available bytes of a file of unknown size.
result<bytes> message_file::read_some() {
    buffer_.resize(buffer_bytes);
    const auto size =
        uninterrupted([&] { return ::read(file_.get(), buffer_.data(), buffer_.size()); });
    if (size < 0) return cannot_read(path_, errno);
    return bytes(buffer_).substr(0, static_cast<std::size_t>(size));
}

// Also true for files that never block, at the end, and where the system cannot tell: reading
// will.
bool message_file::readable(int milliseconds) const noexcept {
    pollfd watched{file_.get(), POLLIN, 0};
    const int found = ::poll(&watched, 1, milliseconds);
    return found > 0 || (found < 0 && errno != EINTR);
}

tl::unexpected<failure> message_file::changed(std::string_view how) const {
    return tl::unexpected(failure{fmt::format("'{}' {} while it was sent", path_, how),
                                  "the connection was reset, so that no part looks whole"});
}

}  // namespace framewire
