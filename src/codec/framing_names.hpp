#pragma once

#include <string>
#include <string_view>

namespace framewire {

/// A hint for a name that no framing has: `did you mean 'u16be' or 'u16le'?`
[[nodiscard]] std::string meant_name(std::string_view name);

}  // namespace framewire
