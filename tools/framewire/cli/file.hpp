#pragma once

#include "framewire/core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

/// The content of a file, a pipe or a device; `-` is standard input. Fails if it cannot be read,
/// or has more than `bytes_max`.
[[nodiscard]] result<std::string> read_file(const std::string& path, std::uint64_t bytes_max);

/// Writes a file; `-` is standard output. Replaces a regular file at once: a reader finds the old
/// content or all of the new, even if this fails. Pipes, devices and links are written in place.
[[nodiscard]] result<void> write_file(const std::string& path, std::string_view content);

/// Writes all of it, waiting for the reader if necessary. False, with `errno` set, on failure.
[[nodiscard]] bool write_all(int descriptor, std::string_view content) noexcept;

}  // namespace framewire
