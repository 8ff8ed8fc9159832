#pragma once

#include "page_spec.hpp"

#include <span>
#include <string>

namespace framewire {

/// The manual page, section 1, in roff: of a command, or of `framewire` itself if the name is
/// empty. `version` is `framewire 0.1.0`; `pages` are those of all commands.
[[nodiscard]] std::string manual_page(const page_spec& page, const std::string& version,
                                      std::span<const page_spec* const> pages);

}  // namespace framewire
