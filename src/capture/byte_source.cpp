#include "byte_source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

namespace framewire {
namespace {

// Reads, but for interruptions.
result<std::size_t> read_some(int descriptor, std::span<char> into) {
    for (;;) {
        const auto size = ::read(descriptor, into.data(), into.size());
        if (size >= 0) return static_cast<std::size_t>(size);
        if (errno != EINTR) return tl::unexpected(failure{system_words(errno)});
    }
}

result<void> write_all(int descriptor, bytes content) {
    while (!content.empty()) {
        const auto size = ::write(descriptor, content.data(), content.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return tl::unexpected(failure{system_words(errno)});
        content.remove_prefix(static_cast<std::size_t>(size));
    }
    return {};
}

int create_without_name() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread changes the environment.
    const char* const folder = std::getenv("TMPDIR");
    auto path = std::string(folder != nullptr ? folder : "/tmp") + "/framewire-XXXXXX";
    const int created = ::mkostemp(path.data(), O_CLOEXEC);
    if (created >= 0) ::unlink(path.c_str());
    return created;
}

// Returns the copy.
result<int> copy(int from, const std::string& name) {
    const int to = create_without_name();
    const auto refuse = [&](std::string_view why) {
        if (to >= 0) ::close(to);
        return tl::unexpected(
            failure{fmt::format("cannot copy {} to a temporary file: {}", name, why),
                    "the environment variable TMPDIR names the folder for it"});
    };
    if (to < 0) return refuse(system_words(errno));
    std::array<char, 65'536> buffer{};
    for (;;) {
        const auto size = read_some(from, buffer);
        if (!size) return refuse(size.error().message());
        if (*size == 0) return to;
        const auto written = write_all(to, bytes(buffer.data(), *size));
        if (!written) return refuse(written.error().message());
    }
}

}  // namespace

tl::unexpected<failure> refuse_file(const std::string& name, std::string_view why,
                                    std::string hint) {
    return tl::unexpected(failure{fmt::format("cannot read {}: {}", name, why), std::move(hint)});
}

result<readable_file> readable_file::open(const std::string& path) {
    const bool is_standard_input = path == "-";
    const auto name = is_standard_input ? std::string("standard input") : path;
    const int opened = is_standard_input ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                         : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (opened < 0) return refuse_file(name, system_words(errno));
    readable_file file(opened);
    struct stat about {};
    if (::fstat(opened, &about) != 0) return refuse_file(name, system_words(errno));
    if (S_ISDIR(about.st_mode)) return refuse_file(name, system_words(EISDIR));
    if (S_ISREG(about.st_mode)) return file;
    return copy(opened, name).map([](int copied) { return readable_file(copied); });
}

readable_file::readable_file(readable_file&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

readable_file::~readable_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

byte_source readable_file::source() const {
    return [descriptor = descriptor_, at = off_t{0}](std::span<char> into) mutable {
        for (;;) {
            const auto size = ::pread(descriptor, into.data(), into.size(), at);
            if (size < 0 && errno == EINTR) continue;
            if (size < 0) return result<std::size_t>(tl::unexpected(failure{system_words(errno)}));
            at += size;
            return result<std::size_t>(static_cast<std::size_t>(size));
        }
    };
}

std::uint64_t readable_file::size() const {
    struct stat about {};
    return ::fstat(descriptor_, &about) == 0 ? static_cast<std::uint64_t>(about.st_size) : 0;
}

byte_source source_of(bytes content) {
    return [content](std::span<char> into) mutable {
        const auto size = std::min(content.size(), into.size());
        std::copy_n(content.begin(), size, into.begin());
        content.remove_prefix(size);
        return result<std::size_t>(size);
    };
}

}  // namespace framewire
