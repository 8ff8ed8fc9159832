#pragma once

#include "framewire/core/result.hpp"
#include "framewire/transcript/player.hpp"
#include "framewire/transcript/printer.hpp"

namespace framewire {

/// Feeds the conversation to a new session and compares what it says with the `=` lines, and every
/// frame of the `>` lines with what our encoder makes of its payload. Fails with the first
/// difference. The words of an error are compared where the transcript gives some and the cutting
/// is `in_one_piece`; elsewhere they may rest on fewer bytes.
[[nodiscard]] result<void> replay(const transcript& conversation, cutting how);

/// Replays in one piece, byte by byte, and cut at every position. With `raw`, whose payloads are
/// reads, as written only.
[[nodiscard]] result<void> replay_every_way(const transcript& conversation);

}  // namespace framewire
