#include "acked_mark.hpp"

#include "framewire/core/units.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

namespace framewire {
namespace {

constexpr std::size_t line_bytes = 64;
constexpr std::size_t digit_count = 20;
constexpr std::string_view word = "stored ";

// FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/): against a line of which a part was written.
std::uint64_t checksum(std::string_view text) noexcept {
    std::uint64_t sum = 0xcbf29ce484222325U;
    for (const char one : text) {
        sum ^= static_cast<unsigned char>(one);
        sum *= 0x100000001b3U;
    }
    return sum;
}

std::string line_of(std::uint64_t stored) {
    auto text = fmt::format("{}{:020}", word, stored);
    text += fmt::format(" {:016x}", checksum(text));
    text.resize(line_bytes - 1, ' ');
    return text + '\n';
}

std::optional<std::uint64_t> read_line(std::string_view line) {
    if (line.size() != line_bytes || !line.starts_with(word)) return std::nullopt;
    const auto number = parse_number(line.substr(word.size(), digit_count));
    if (!number || line_of(*number) != line) return std::nullopt;
    return *number;
}

tl::unexpected<store_failure> failed(std::string_view what, errc code = errc::store_failed) {
    return tl::unexpected(store_failure{code, fmt::format("{}: {}", what, system_words(errno))});
}

std::string path_of(const std::string& store_path) { return store_path + "-mark"; }

// A new file is there after a power cut only if its folder was written, too.
bool sync_folder(const std::string& path) {
    const auto slash = path.rfind('/');
    const auto folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const owned_descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return open.is_open() && ::fsync(open.get()) == 0;
}

}  // namespace

bool acked_mark::is_there(const std::string& store_path) {
    return ::access(path_of(store_path).c_str(), F_OK) == 0;
}

store_result<acked_mark> acked_mark::take(const std::string& store_path) {
    const auto path = path_of(store_path);
    owned_descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file.is_open()) {
        const bool is_readonly = errno == EROFS || errno == EACCES;
        return failed("cannot open " + path,
                      is_readonly ? errc::store_readonly : errc::store_failed);
    }
    // Not a POSIX lock: those are lost when any descriptor of the file is closed.
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        return tl::unexpected(
            store_failure{errc::store_busy, "another process has opened " + store_path});
    }
    acked_mark one(std::move(file));
    one.read();
    if (!one.was_there_ && !sync_folder(path)) return failed("cannot write the folder of " + path);
    return one;
}

void acked_mark::read() {
    std::array<char, 2 * line_bytes> text{};
    const auto size = ::pread(file_.get(), text.data(), text.size(), 0);
    for (unsigned at = 0; at < 2; ++at) {
        const auto begin = at * line_bytes;
        if (size < static_cast<ssize_t>(begin + line_bytes)) break;
        const auto stored = read_line({text.data() + begin, line_bytes});
        if (!stored || (was_there_ && *stored < stored_)) continue;
        was_there_ = true;
        stored_ = *stored;
        turn_ = 1 - at;
    }
}

store_result<void> acked_mark::note(std::uint64_t stored) {
    if (stored == stored_ && was_there_) return {};
    return write_line(stored);
}

store_result<void> acked_mark::set(std::uint64_t stored) {
    for (unsigned line = 0; line < 2; ++line) {
        if (auto written = write_line(stored); !written) return written;
    }
    return sync();
}

store_result<void> acked_mark::write_line(std::uint64_t stored) {
    const auto line = line_of(stored);
    const auto place = static_cast<off_t>(turn_ * line_bytes);
    if (::pwrite(file_.get(), line.data(), line.size(), place) != ssize_t{line_bytes}) {
        return failed("cannot write the mark",
                      errno == ENOSPC ? errc::store_full : errc::store_failed);
    }
    stored_ = stored;
    was_there_ = true;
    turn_ = 1 - turn_;
    is_synced_ = false;
    return {};
}

store_result<void> acked_mark::sync() {
    if (is_synced_) return {};
    if (::fdatasync(file_.get()) != 0) return failed("cannot write the mark");
    is_synced_ = true;
    return {};
}

}  // namespace framewire
