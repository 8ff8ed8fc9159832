#pragma once

#include "framewire/core/result.hpp"

#include <string>
#include <string_view>

namespace framewire {

/// Writes a file so that who reads it sees the old content or all of the new. What is no regular
/// file, a pipe for instance, is written to as it is.
[[nodiscard]] result<void> write_page(const std::string& path, std::string_view content);

}  // namespace framewire
