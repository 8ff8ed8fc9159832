#pragma once

#include "core/stream_side.hpp"
#include "framewire/core/bytes.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace framewire {

/// What became readable of one side of a stream, in order.
struct captured_piece {
    enum class kind : std::uint8_t {
        data,   ///< `data`, with none missing before it but those of a gap
        fin,    ///< the side ended its stream in order
        reset,  ///< the side reset the connection
        gap,    ///< `missing` bytes that the capture does not contain
    };
    stream_side from{};
    kind what{};
    /// Of `data`: at least one byte, from one segment; valid during the call.
    bytes data{};
    std::uint64_t missing = 0;
    /// When it became readable; after a gap, when it was captured. Never decreases within a
    /// stream.
    std::chrono::system_clock::time_point time{};
    /// The number of the record in the file, from 1: Wireshark's `frame.number`. Of a gap: that of
    /// what comes after it.
    std::uint64_t packet = 0;
};

/// One end of a stream, and what it sent.
struct captured_side {
    /// `10.0.0.1:47872` or `[::1]:47872`
    std::string address{};
    std::uint64_t bytes = 0;    ///< in pieces; 0 if they are not wanted
    std::uint64_t packets = 0;  ///< segments
    std::uint64_t missing = 0;  ///< bytes in gaps
    bool is_midway = false;     ///< no SYN was captured; the first byte captured has offset 0
};

/// One TCP connection of a capture, both directions.
struct captured_stream {
    /// From 0, in the order of first segments: Wireshark's `tcp.stream`.
    std::size_t number = 0;
    /// The client sent the SYN. If none was captured, it is the side with the higher port.
    captured_side client{};
    captured_side server{};
    /// When its first and its last segment were captured.
    std::chrono::system_clock::time_point start{};
    std::chrono::system_clock::time_point end{};
    /// What is missing of this stream, one sentence each, for a person.
    std::vector<std::string> remarks{};
    /// No SYN was captured: the port numbers decided which side is the client.
    bool guessed_sides = false;

    [[nodiscard]] captured_side& side(stream_side which) noexcept {
        return which == stream_side::client ? client : server;
    }
    [[nodiscard]] const captured_side& side(stream_side which) const noexcept {
        return which == stream_side::client ? client : server;
    }
};

/// The TCP streams of a capture file.
struct capture {
    /// By number.
    std::vector<captured_stream> streams{};
    /// What was left out and belongs to no stream, one sentence each, for a person.
    std::vector<std::string> remarks{};
    /// The records of the file.
    std::uint64_t packets = 0;
};

}  // namespace framewire
