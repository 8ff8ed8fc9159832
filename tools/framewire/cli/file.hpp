#pragma once

#include "framewire/core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

/// All of a file, a pipe or a device; `-` is standard input. Fails if it cannot be read, or has
/// more than `bytes_max`.
[[nodiscard]] result<std::string> read_file(const std::string& path, std::uint64_t bytes_max);

/// Writes a file; `-` is standard output. Whoever reads a regular file finds the old content or
/// all of the new, even if this fails. Pipes, devices and links are written to as they are.
[[nodiscard]] result<void> write_file(const std::string& path, std::string_view content);

/// Writes all of it, and waits where nobody reads. False, with `errno` set, if that fails.
[[nodiscard]] bool write_all(int descriptor, std::string_view content) noexcept;

}  // namespace framewire
