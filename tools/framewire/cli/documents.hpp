#pragma once

#include "framewire/core/result.hpp"
#include "page_spec.hpp"

#include <span>
#include <string>

namespace framewire {

/// Writes the manual pages of `main` and of all commands to `man1` in the folder, and the
/// completions for bash, zsh and fish to `completions`, under the names by which they are
/// installed. Fails if a file cannot be written.
[[nodiscard]] result<void> write_documents(const std::string& folder, const page_spec& main,
                                           std::span<const page_spec* const> commands,
                                           const std::string& version);

}  // namespace framewire
