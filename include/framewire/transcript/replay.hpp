#pragma once

#include "framewire/core/result.hpp"
#include "framewire/transcript/player.hpp"
#include "framewire/transcript/printer.hpp"

namespace framewire {

/// Feeds the conversation to a new session, and compares its events with the `=` lines. Feeds the
/// `>` lines to another, and compares its events with the `=>` lines; if there are none, compares
/// every frame with our own encoding of its payload. Fails with the first difference.
/// The words of an error are compared if the transcript has some and the cutting is
/// `in_one_piece`; other cuttings may detect the error with fewer bytes.
[[nodiscard]] result<void> replay(const transcript& conversation, cutting how);

/// Replays in one piece, byte by byte, and cut at every position. With `raw`, whose payloads are
/// reads, as written only.
[[nodiscard]] result<void> replay_every_way(const transcript& conversation);

}  // namespace framewire
