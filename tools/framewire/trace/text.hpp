#pragma once

#include "framewire/transcript/transcript.hpp"
#include "walkthrough/chunking.hpp"

namespace framewire {

/// Prints the walkthrough of a conversation: the stream from the peer with its parts named, then a
/// step for every chunk, cut as in the lines and as `cuts` says. The output is a valid transcript;
/// `brief` omits the explanation in its comments.
void print_walkthrough(const transcript& conversation, const chunking& cuts, bool brief);

}  // namespace framewire
