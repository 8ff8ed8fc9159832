#pragma once

#include "page_spec.hpp"

#include <span>
#include <string>

namespace framewire {

/// Scripts that complete command lines of `framewire` in a shell; `pages` are those of all
/// commands.
[[nodiscard]] std::string bash_completion(std::span<const page_spec* const> pages);
[[nodiscard]] std::string zsh_completion(std::span<const page_spec* const> pages);
[[nodiscard]] std::string fish_completion(std::span<const page_spec* const> pages);

}  // namespace framewire
