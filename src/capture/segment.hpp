#pragma once

#include "framewire/core/bytes.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tl/expected.hpp>

namespace framewire {

/// An address and a port, as the headers of IP and TCP have them.
struct segment_end {
    bool ipv6 = false;
    std::array<char, 16> address{};
    std::uint16_t port = 0;

    auto operator<=>(const segment_end&) const = default;
    /// `10.0.0.1:7000` or `[::1]:7000`
    [[nodiscard]] std::string text() const;
};

/// One record of a capture file.
struct captured_record {
    /// From the link's header on, as far as captured.
    bytes captured;
    /// The number of bytes on the wire.
    std::size_t sent_bytes = 0;
};

/// A TCP segment. Its payload lives as long as the record it was read from.
struct segment {
    segment_end source;
    segment_end destination;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledgement = 0;
    bool syn = false;
    bool ack = false;
    bool fin = false;
    bool reset = false;
    /// As far as captured.
    bytes payload;
    /// The size of the payload on the wire.
    std::size_t payload_bytes = 0;
};

/// Why a record gives no segment.
enum class no_segment : std::uint8_t {
    not_tcp,
    fragment,    ///< a fragment of an IP datagram
    cut_header,  ///< TCP, but its header was not captured up to the flags
    malformed,   ///< TCP, but a header contradicts itself
};

/// True for the link types that can be read, by their numbers in libpcap.
[[nodiscard]] bool knows_link(int link_type) noexcept;

/// Requires: `knows_link(link_type)`.
[[nodiscard]] tl::expected<segment, no_segment> read_segment(const captured_record& record,
                                                             int link_type);

}  // namespace framewire
