#pragma once

#include "command_line.hpp"

#include <span>
#include <string>

namespace framewire {

/// What to say if the first word of `words`, which are not empty, is no command: with the command,
/// or the form, that was probably meant.
[[nodiscard]] failure unknown_first_word(std::span<const std::string> words,
                                         std::span<const command_row> commands);

}  // namespace framewire
