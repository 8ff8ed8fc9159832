#pragma once

#include "framewire/core/result.hpp"
#include "framewire/session/session.hpp"
#include "framewire/transcript/transcript.hpp"

#include <cstddef>
#include <string>
#include <variant>

namespace framewire {

/// How a replay hands the bytes from the peer to the session.
struct as_written {};    ///< one read per line
struct in_one_piece {};  ///< as much at once as the clock allows
struct byte_by_byte {};
/// In one piece, but for a border in front of this byte of the stream.
struct cut_at {
    std::size_t position;
};
using cutting = std::variant<as_written, in_one_piece, byte_by_byte, cut_at>;

/// Feeds the conversation to a new session and compares what it says with the `=` lines, and every
/// frame of the `>` lines with what our encoder makes of its payload. Fails with the first
/// difference. The words of an error are compared where the transcript gives some and the cutting
/// is `in_one_piece`; elsewhere they may rest on fewer bytes.
[[nodiscard]] result<void> replay(const transcript& conversation, cutting how);

/// Replays in one piece, byte by byte, and cut at every position. With `raw`, whose payloads are
/// reads, as written only.
[[nodiscard]] result<void> replay_every_way(const transcript& conversation);

/// What a session said, as the text of an `=` line.
[[nodiscard]] std::string print_event(const session& speaker, const event& said);

}  // namespace framewire
