#pragma once

#include "conversation.hpp"
#include "options.hpp"

namespace framewire {

/// Shows a conversation as the options say: as text, JSON or a page. Returns the exit status: 1 if
/// a frame is wrong or incomplete. Reports failures. `is_midway` as in `resync_plan`.
[[nodiscard]] int show(conversation shown, const trace_options& options,
                       std::array<bool, 2> is_midway = {});

/// Shows a capture: a stream, or a table of them. Without a framing, the likely ones of a stream.
[[nodiscard]] int show_capture(capture_file file, const trace_options& options);

/// Lists the framings that these bytes may be in. Returns the exit status: 1 if there are none.
[[nodiscard]] int show_guesses(const conversation& seen, const trace_options& options,
                               std::array<bool, 2> is_midway = {});

}  // namespace framewire
