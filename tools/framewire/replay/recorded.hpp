#pragma once

#include "captures/stream_choice.hpp"
#include "framewire/codec/framing.hpp"
#include "framewire/core/result.hpp"
#include "framewire/core/units.hpp"
#include "framewire/transcript/transcript.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// A line of a recording, and when it happened.
struct timed_line {
    transcript_line line;
    /// Since the recording began.
    std::chrono::microseconds at{0};
};

/// What was recorded, by us or by another program. The client is the peer: its bytes are
/// `from_peer`.
struct recorded_lines {
    /// Of what the client sends, unless a connection begins with another.
    class framing framing;
    std::vector<timed_line> lines{};
    /// A capture, whose connections are its streams; their numbers are one less.
    bool is_captured = false;
    /// What is missing, one sentence each.
    std::vector<std::string> remarks{};
};

/// How the file is read.
struct reading_plan {
    /// The streams or connections to take; one must be chosen of several of a capture.
    stream_choice streams{};
    bool names_streams = false;
    /// The framing on the command line; asked for only if the file has none.
    std::function<framing()> framing_for{};
    bool has_framing = false;
    /// What is played is held in memory, some four times: a larger file of text, or more bytes of
    /// the streams of a capture, are refused.
    std::uint64_t bytes_max = 256 * MiB;
};

/// Reads a transcript or a capture. Fails with what is wrong with the file, or which streams it
/// has.
[[nodiscard]] result<recorded_lines> read_recorded(const std::string& path,
                                                   const reading_plan& plan);

}  // namespace framewire
