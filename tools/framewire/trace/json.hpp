#pragma once

#include "input.hpp"
#include "walkthrough/chunking.hpp"

namespace framewire {

/// Prints the events of a conversation as JSON, a line each (docs/json.md): the frames of both
/// directions, and how they end.
void print_events(const conversation& shown, const chunking& cuts);

}  // namespace framewire
