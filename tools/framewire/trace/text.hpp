#pragma once

#include "conversation.hpp"

namespace framewire {

/// How a walkthrough is printed.
struct walkthrough_style {
    bool brief = false;  ///< without the explanation in its comments
    /// With a comment before each line that says when it was captured, and in which record.
    bool times = false;
    /// With the whole time, as `--json` has it.
    bool timestamps = false;
};

/// Prints the walkthrough of a conversation: the stream from the client with its parts named, then
/// a step for every line of both sides. The output is a valid transcript. Throws as `print` does.
[[nodiscard]] result<void> print_walkthrough(const conversation& shown,
                                             const walkthrough_style& how);

}  // namespace framewire
