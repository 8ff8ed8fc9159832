#pragma once

#include "framewire/transcript/transcript.hpp"
#include "walkthrough/chunking.hpp"

namespace framewire {

/// How a walkthrough is printed.
struct walkthrough_style {
    bool brief = false;       ///< without the explanation in its comments
    bool timestamps = false;  ///< with a comment before what has a time
};

/// Prints the walkthrough of a conversation: the stream from the peer with its parts named, then a
/// step for every chunk, cut as in the lines and as `cuts` says. The output is a valid transcript.
void print_walkthrough(const transcript& conversation, const chunking& cuts,
                       const walkthrough_style& how);

}  // namespace framewire
