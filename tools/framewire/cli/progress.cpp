#include "progress.hpp"

#include "framewire/core/bytes.hpp"
#include "print.hpp"
#include "terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace framewire {
namespace {

constexpr std::chrono::milliseconds soon_over{500};
constexpr std::chrono::milliseconds pause{100};
constexpr std::size_t columns_max = 80;

std::size_t columns() {
    winsize size{};
    const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? std::min<std::size_t>(size.ws_col, columns_max) : columns_max;
}

std::string rounded(double size) {
    constexpr std::array<const char*, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
    std::size_t unit = 0;
    for (; size >= 1000 && unit + 1 < units.size(); ++unit) size /= 1024;
    return fmt::format("{:.{}f} {}", size, unit > 0 && size < 100 ? 1 : 0, units.at(unit));
}

std::string rounded_time(double seconds) {
    const auto whole = std::llround(seconds);
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
    return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

// `sent 1.2 GiB of 9.3 GiB  812 MiB/s  10 s left`
std::vector<std::string> parts_of(std::string_view what, std::uint64_t done, std::uint64_t total,
                                  double seconds) {
    const bool known = total != unknown_length;
    const auto rate = static_cast<double>(done) / std::max(seconds, 0.001);
    std::vector<std::string> parts{fmt::format("{} {}", what, rounded(static_cast<double>(done)))};
    if (known) parts.back() += fmt::format(" of {}", rounded(static_cast<double>(total)));
    parts.push_back(rounded(rate) + "/s");
    if (known && rate > 0 && done <= total) {
        parts.push_back(rounded_time(static_cast<double>(total - done) / rate) + " left");
    }
    return parts;
}

std::string line_of(const std::vector<std::string>& parts, std::size_t columns) {
    std::string line;
    for (const auto& part : parts) {
        const std::string_view gap = line.empty() ? "" : "  ";
        // The last column stays free: some terminals wrap there.
        if (line.size() + gap.size() + part.size() >= columns) break;
        line.append(gap).append(part);
    }
    return line;
}

}  // namespace

progress::progress(bool wanted) : wanted_(wanted && terminal_obeys(STDERR_FILENO)) {}

void progress::show(std::string_view what, std::uint64_t done, std::uint64_t total) {
    if (!wanted_) return;
    const auto now = clock::now();
    if (what != what_) {
        what_ = what;
        began_ = now;
        next_ = std::max(next_, now + soon_over);
    }
    if (!due(now)) return;
    const auto seconds = std::chrono::duration<double>(now - began_).count();
    draw(parts_of(what, done, total, seconds));
}

void progress::show(const std::vector<std::string>& parts) {
    const auto now = clock::now();
    if (wanted_ && now >= began_ + soon_over && due(now)) draw(parts);
}

bool progress::due(clock::time_point now) noexcept {
    if (now < next_) return false;
    next_ = now + pause;
    return true;
}

void progress::draw(const std::vector<std::string>& parts) {
    print_error('\r' + line_of(parts, columns()) + "\x1b[K");
    shown_ = true;
}

void progress::clear() {
    if (shown_) print_error("\r\x1b[K");
    shown_ = false;
}

void progress::stop() {
    clear();
    wanted_ = false;
}

}  // namespace framewire
