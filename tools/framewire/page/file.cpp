#include "file.hpp"

#include "io/descriptor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <cerrno>
#include <cstdio>

namespace framewire {
namespace {

constexpr mode_t as_umask_allows = 0666;

tl::unexpected<failure> cannot_write(const std::string& path) {
    const auto why = system_words(errno);
    return tl::unexpected(failure{fmt::format("cannot write '{}': {}", path, why)});
}

bool write_all(int file, std::string_view content) {
    while (!content.empty()) {
        const auto size = ::write(file, content.data(), content.size());
        if (size < 0 && errno != EINTR) return false;
        if (size > 0) content.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
}

// A new name in the same folder, which becomes the file's when all is written.
result<void> replace(const std::string& path, std::string_view content) {
    const auto beside = fmt::format("{}.{}.new", path, ::getpid());
    owned_descriptor file(
        ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, as_umask_allows));
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

result<void> write_page(const std::string& path, std::string_view content) {
    struct stat status {};
    const bool is_there = ::lstat(path.c_str(), &status) == 0;
    if (!is_there || S_ISREG(status.st_mode)) return replace(path, content);
    owned_descriptor file(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC));
    if (file.is_open() && write_all(file.get(), content) && file.close()) return {};
    return cannot_write(path);
}

}  // namespace framewire
