#pragma once

#include "core/stream_side.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// What one captured segment added to a stream: bytes with none missing before them, or the end of
/// its side.
struct captured_piece {
    enum class ending : std::uint8_t {
        none,   ///< `bytes` holds at least one byte
        fin,    ///< the side ended its stream in order
        reset,  ///< the side reset the connection
    };
    stream_side from{};
    std::string bytes{};
    ending end = ending::none;
    /// When the bytes became readable, since the stream's first segment. Never decreases from
    /// piece to piece.
    std::chrono::nanoseconds time{0};
};

/// One TCP connection of a capture, both directions.
struct captured_stream {
    /// From 0, in the order of first segments: Wireshark's `tcp.stream`.
    std::size_t number = 0;
    /// `10.0.0.1:47872` or `[::1]:47872`. The client sent the SYN; if none was captured, it is
    /// the side with the higher port.
    std::string client{};
    std::string server{};
    /// When its first segment was captured.
    std::chrono::system_clock::time_point start{};
    /// In the order in which they became readable. Nothing of a side follows its `end`.
    std::vector<captured_piece> pieces{};
    /// What is missing of this stream, one sentence each, for a person.
    std::vector<std::string> remarks{};
};

/// The TCP streams of a capture file.
struct capture {
    std::vector<captured_stream> streams{};
    /// What was left out and belongs to no stream, one sentence each, for a person.
    std::vector<std::string> remarks{};
};

}  // namespace framewire
