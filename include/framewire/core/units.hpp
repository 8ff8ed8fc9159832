#pragma once

#include "framewire/core/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

inline constexpr std::uint64_t KiB = 1024;
inline constexpr std::uint64_t MiB = 1024 * KiB;

/// Parses decimal digits and nothing else: no sign, no space, no overflow.
[[nodiscard]] result<std::uint64_t> parse_number(std::string_view text);

/// Parses a size in bytes: `512`, `64KiB`, `16MiB`, `2GiB`, and `kB`, `MB`, `GB` for powers of
/// ten.
[[nodiscard]] result<std::uint64_t> parse_size(std::string_view text);

/// Parses a count for people: `500`, `20k`, `2.5M`, `1G`, `1e4`. It must be a whole number.
[[nodiscard]] result<std::uint64_t> parse_count(std::string_view text);

/// Parses a duration: `200ms`, `5s`, `0.5s`, `2m` or `2min`, `1h`, `1m30s`; a number alone is
/// seconds. It must be whole milliseconds.
[[nodiscard]] result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The same in whole microseconds: `1500us` and `1.5ms` are durations, too.
[[nodiscard]] result<std::chrono::microseconds> parse_microseconds(std::string_view text);

/// Formats a size so that `parse_size` reads it, in the largest binary unit that divides it.
[[nodiscard]] std::string format_size(std::uint64_t size);

/// Formats a duration so that `parse_microseconds` reads it, and `parse_duration` if it is whole
/// milliseconds, in the largest unit that divides it.
[[nodiscard]] std::string format_duration(std::chrono::microseconds duration);

}  // namespace framewire
