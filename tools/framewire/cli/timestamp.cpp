#include "timestamp.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cstdint>
#include <ctime>

namespace framewire {

timestamp::timestamp(clock::time_point at) noexcept {
    using std::chrono::microseconds;
    const std::int64_t since_epoch =
        std::chrono::floor<microseconds>(at.time_since_epoch()).count();
    constexpr std::int64_t in_second = 1'000'000;
    const auto fraction = (since_epoch % in_second + in_second) % in_second;
    const auto seconds = static_cast<std::time_t>((since_epoch - fraction) / in_second);
    std::tm utc{};
    (void)::gmtime_r(&seconds, &utc);
    (void)fmt::format_to_n(text_.data(), text_.size(),
                           "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", utc.tm_year + 1900,
                           utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                           fraction);
}

std::string with_timestamps(std::string_view lines, const timestamp& at) {
    std::string all;
    while (!lines.empty()) {
        const auto end = std::min(lines.find('\n'), lines.size() - 1) + 1;
        all.append(at.text()).append(" ").append(lines.substr(0, end));
        lines.remove_prefix(end);
    }
    return all;
}

}  // namespace framewire
