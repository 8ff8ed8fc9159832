#pragma once

#include "captured_record.hpp"
#include "fragment_table.hpp"
#include "framewire/core/bytes.hpp"
#include "ip_header.hpp"
#include "layer.hpp"

#include <cstddef>
#include <cstdint>
#include <tl/expected.hpp>

namespace framewire {

/// A TCP segment. Its payload lives as long as the record it was read from.
struct segment {
    segment_end source{};
    segment_end destination{};
    std::uint32_t sequence = 0;
    std::uint32_t acknowledgement = 0;
    bool syn = false;
    bool ack = false;
    bool fin = false;
    bool reset = false;
    /// Its stream has a number, but the segment is not part of it: its header contradicts itself,
    /// or it is quoted by an error of ICMP.
    bool is_only_named = false;
    /// As far as captured.
    bytes payload{};
    /// The size of the payload on the wire.
    std::size_t payload_bytes = 0;
};

/// Finds the TCP segments in records, also in tunnels and in fragments of IP.
class segment_reader {
public:
    /// The innermost segment of a record.
    [[nodiscard]] tl::expected<segment, no_segment> read(const captured_record& record);

    /// The fragments of TCP that belong to no datagram that is complete.
    [[nodiscard]] std::uint64_t fragments_left_out() const noexcept {
        return fragments_.left_out();
    }

private:
    fragment_table fragments_;
};

}  // namespace framewire
