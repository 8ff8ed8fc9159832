#pragma once

#include "conversation.hpp"

namespace framewire {

/// Prints the events of a conversation as JSON, a line each (docs/json.md): the frames of both
/// directions, what is missing, and how they end.
[[nodiscard]] result<void> print_events(const conversation& shown);

}  // namespace framewire
