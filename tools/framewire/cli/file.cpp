#include "file.hpp"

#include "framewire/core/units.hpp"
#include "io/descriptor.hpp"
#include "print.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstdio>

namespace framewire {
namespace {

constexpr mode_t as_umask_allows = 0666;

tl::unexpected<failure> cannot_write(const std::string& path) {
    const auto why = system_words(errno);
    return tl::unexpected(failure{fmt::format("cannot write '{}': {}", path, why)});
}

// Writes a new file in the same folder, and renames it when it is complete.
result<void> replace(const std::string& path, std::string_view content, mode_t mode) {
    const auto beside = fmt::format("{}.{}.new", path, ::getpid());
    owned_descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (!file.is_open()) return cannot_write(path);
    if (write_all(file.get(), content) && file.close() &&
        std::rename(beside.c_str(), path.c_str()) == 0) {
        return {};
    }
    auto why = cannot_write(path);
    (void)::unlink(beside.c_str());
    return why;
}

}  // namespace

result<std::string> read_file(const std::string& path, std::uint64_t bytes_max) {
    const auto fail = [&](const std::string& why) {
        return tl::unexpected(failure{fmt::format("cannot read '{}': {}", path, why)});
    };
    const owned_descriptor file(path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                            : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) return fail(system_words(errno));
    std::string content;
    std::array<char, 64 * KiB> buffer{};
    while (const auto size = ::read(file.get(), buffer.data(), buffer.size())) {
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return fail(system_words(errno));
        content.append(buffer.data(), static_cast<std::size_t>(size));
        if (content.size() > bytes_max) {
            return fail(fmt::format("it is larger than {}", format_size(bytes_max)));
        }
    }
    return content;
}

result<void> write_file(const std::string& path, std::string_view content) {
    if (path == "-") {
        if (write_all(STDOUT_FILENO, content)) return {};
        return tl::unexpected(failure{print_failure(errno).what()});
    }
    struct stat status {};
    const bool is_there = ::lstat(path.c_str(), &status) == 0;
    if (!is_there) return replace(path, content, as_umask_allows);
    if (S_ISREG(status.st_mode)) return replace(path, content, status.st_mode & as_umask_allows);
    owned_descriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, as_umask_allows));
    if (file.is_open() && write_all(file.get(), content) && file.close()) return {};
    return cannot_write(path);
}

bool write_all(int descriptor, std::string_view content) noexcept {
    while (!content.empty()) {
        const auto size = ::write(descriptor, content.data(), content.size());
        if (size >= 0) {
            content.remove_prefix(static_cast<std::size_t>(size));
        } else if (errno == EAGAIN) {
            // Another program made the descriptor non-blocking; we can only wait.
            pollfd watched{descriptor, POLLOUT, 0};
            (void)::poll(&watched, 1, -1);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

}  // namespace framewire
