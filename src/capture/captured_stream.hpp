#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

enum class stream_side : std::uint8_t { client, server };

[[nodiscard]] constexpr std::string_view side_name(stream_side side) noexcept {
    return side == stream_side::client ? "client" : "server";
}

/// What one captured segment added to a stream: bytes that nothing is missing in front of, or the
/// end of what its side says.
struct captured_part {
    enum class ending : std::uint8_t {
        none,   ///< `bytes` holds at least one byte
        fin,    ///< the side ended its stream in order
        reset,  ///< the side reset the connection
    };
    stream_side from{};
    std::string bytes{};
    ending end = ending::none;
    /// When the bytes could be read, since the stream's first segment. Never less than the one of
    /// the part before.
    std::chrono::nanoseconds time{0};
};

/// One TCP connection of a capture, both directions.
struct captured_stream {
    /// From 0, in the order of first segments: Wireshark's `tcp.stream`.
    std::size_t number = 0;
    /// `10.0.0.1:47872` or `[::1]:47872`. The client is who sent the SYN; where none was captured,
    /// who has the higher port.
    std::string client{};
    std::string server{};
    /// In the order in which they became readable. A side says nothing behind its `end`.
    std::vector<captured_part> parts{};
    /// What is missing of this stream, one sentence each, for a person.
    std::vector<std::string> remarks{};
};

/// The TCP streams of a capture file.
struct capture {
    std::vector<captured_stream> streams{};
    /// What was left out that belongs to no stream, one sentence each, for a person.
    std::vector<std::string> remarks{};
};

}  // namespace framewire
