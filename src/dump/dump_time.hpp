#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace framewire {

/// A time at the front of a text, and how long it is.
struct dump_time {
    std::chrono::system_clock::time_point value{};
    std::size_t size = 0;
};

/// Reads `2026-11-29 02:54:44.044721`, also with slashes or a `T`, `02:54:44.044721`, which is of
/// the first day of 1970, or seconds since then, `1795920884.044721`. All are taken for UTC.
[[nodiscard]] std::optional<dump_time> read_time(std::string_view text);

}  // namespace framewire
