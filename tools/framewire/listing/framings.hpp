#pragma once

#include "rows.hpp"

#include <string>
#include <vector>

namespace framewire {

/// Each is the name of a framing, that of a preset, a field of use for all of its presets, or
/// `all`. Without any: all framings. Throws `usage_error` if there is none of a name.
[[nodiscard]] std::vector<row> framing_rows(const std::vector<std::string>& wanted);

/// The names of all framings, and how many presets each field has: it fits a screen.
[[nodiscard]] std::string framings_overview();

}  // namespace framewire
