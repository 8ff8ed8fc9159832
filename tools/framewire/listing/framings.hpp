#pragma once

#include "rows.hpp"

#include <string>
#include <vector>

namespace framewire {

/// Each is the name of a framing, that of a preset, a field of use for all of its presets, or
/// `all`. Without any: all framings. Throws `usage_error` if there is none of a name.
[[nodiscard]] std::vector<row> framing_rows(const std::vector<std::string>& wanted);

/// The same for people: of a field, what each of its presets is for. Without any: the names of all
/// framings, and how many presets each field has, which fits a screen.
[[nodiscard]] std::string framings_text(const std::vector<std::string>& wanted);

}  // namespace framewire
