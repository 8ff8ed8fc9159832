#pragma once

namespace framewire {

/// True if the descriptor is a terminal that supports escape sequences, and its user wants them
/// (https://no-color.org).
[[nodiscard]] bool terminal_obeys(int descriptor);

}  // namespace framewire
