#pragma once

#include "core/stream_side.hpp"
#include "framewire/codec/framing.hpp"
#include "framewire/core/result.hpp"
#include "framewire/transcript/transcript.hpp"
#include "walkthrough/chunking.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// Receives the lines of a conversation, one after the other.
using line_sink = std::function<void(const transcript_line&)>;

/// A conversation to show. Its lines come one by one, as often as they are wanted, so that little
/// of a large capture is held.
struct conversation {
    /// Of what the client sends, which is the peer: a server had to decode it.
    class framing framing;
    std::function<result<void>(const line_sink&)> read;
    /// The two ends of a captured stream; empty if there are none.
    std::string client{};
    std::string server{};
    /// What is missing in a capture, one sentence each.
    std::vector<std::string> remarks{};
    /// True for bytes from elsewhere, which may be wrong.
    bool is_captured = false;
};

/// The lines of a conversation that is held.
[[nodiscard]] std::function<result<void>(const line_sink&)> held(
    std::vector<transcript_line> lines);

/// All lines of the conversation. Fails if they have more than `bytes_max` bytes.
[[nodiscard]] result<std::vector<transcript_line>> all_lines(const conversation& shown,
                                                             std::uint64_t bytes_max);

/// The line with its sides exchanged.
[[nodiscard]] transcript_line turned(transcript_line line);

/// What the client sent is what the server sent, and the reverse.
[[nodiscard]] conversation swapped(conversation shown);

/// What one side sent, and nothing of the other.
[[nodiscard]] conversation one_side_of(conversation shown, stream_side side);

/// The data from the client, cut as `cuts` says. Fails if the conversation is too large to be
/// held.
[[nodiscard]] result<conversation> cut_further(conversation shown, const chunking& cuts);

[[nodiscard]] constexpr stream_side side_of(direction way) noexcept {
    return way == direction::sent ? stream_side::server : stream_side::client;
}

}  // namespace framewire
