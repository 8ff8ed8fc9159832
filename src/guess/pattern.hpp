#pragma once

#include "surprise.hpp"

#include <optional>
#include <string_view>

namespace framewire {

/// How much it says, in bits, that bytes begin as a pattern does; nothing if they do not. In a
/// pattern, `?` is any byte, `[ab0-9]` one of these, `\n`, `\r`, `\0` and `\xHH` a byte, and
/// everything else is itself. Requires: the pattern is well formed.
[[nodiscard]] std::optional<double> match_pattern(std::string_view pattern, bytes text,
                                                  const surprise& expected);

}  // namespace framewire
