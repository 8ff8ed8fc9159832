#include "segment.hpp"

#include "link_header.hpp"
#include "tunnel.hpp"

#include <algorithm>

namespace framewire {
namespace {

// Up to the window: with these, Wireshark gives the stream a number.
constexpr std::size_t tcp_bytes_min = 16;

tl::expected<segment, no_segment> read_tcp(const datagram& carrier, bool is_quoted) {
    constexpr std::size_t header_bytes_min = 20;
    const auto input = carrier.rest.captured;
    if (carrier.rest.sent < tcp_bytes_min) return none(no_segment::malformed);
    if (input.size() < tcp_bytes_min) return none(no_segment::cut_header);
    const std::size_t header_bytes = (byte_at(input, 12) >> 4) * std::size_t{4};
    const auto flags = byte_at(input, 13);
    segment found{.source = carrier.source,
                  .destination = carrier.destination,
                  .sequence = big_endian_32(input, 4),
                  .acknowledgement = big_endian_32(input, 8),
                  .syn = (flags & 0x02U) != 0,
                  .ack = (flags & 0x10U) != 0,
                  .fin = (flags & 0x01U) != 0,
                  .reset = (flags & 0x04U) != 0,
                  .is_only_named = is_quoted || header_bytes < header_bytes_min ||
                                   carrier.rest.sent < header_bytes};
    found.source.port = big_endian_16(input, 0);
    found.destination.port = big_endian_16(input, 2);
    if (found.is_only_named) return found;
    found.payload = input.substr(std::min(header_bytes, input.size()));
    found.payload_bytes = static_cast<std::size_t>(carrier.rest.sent) - header_bytes;
    return found;
}

// The datagram that an error of ICMP or ICMPv6 is about.
inner_or_none skip_icmp(const datagram& carrier) {
    constexpr std::size_t header_bytes = 8;
    if (!carrier.rest.has(header_bytes)) return none();
    const auto type = byte_at(carrier.rest.captured, 0);
    // Unreachable, quench, time exceeded, parameter problem; and those of version 6.
    const bool is_error = carrier.source.ipv6 ? type >= 1 && type <= 4
                                              : type == 3 || type == 4 || type == 11 || type == 12;
    if (!is_error) return none();
    return inner{header::ip, carrier.rest.after(header_bytes)};
}

bool is_icmp(const datagram& carrier) {
    return carrier.protocol == (carrier.source.ipv6 ? 58 : 1);
}

inner_or_none skip_datagram(const datagram& carrier) {
    switch (carrier.protocol) {
        case 4:
        case 41: return inner{header::ip, carrier.rest};
        case 17: return skip_udp(carrier.rest);
        case 47: return skip_gre(carrier.rest);
        case 97: return inner{header::ethernet, carrier.rest.after(2)};  // EtherIP
        case 137: return inner{header::mpls, carrier.rest};
        case 108:                                   // IPComp
        case 115: return none(no_segment::unread);  // L2TP without UDP
        default: return is_icmp(carrier) ? skip_icmp(carrier) : none();
    }
}

// A fragment that was captured in part cannot be joined; the first has the header of TCP.
bool can_be_joined(const datagram& part) { return part.rest.captured.size() == part.rest.sent; }

}  // namespace

tl::expected<segment, no_segment> segment_reader::read(const captured_record& record) {
    // A record that claims fewer bytes than were captured is taken as captured.
    const layer whole{record.captured,
                      std::max<std::uint64_t>(record.sent_bytes, record.captured.size())};
    bool is_quoted = false;
    auto next = skip_link(whole, record.link_type);
    for (;;) {
        while (next && next->what != header::ip) next = skip_header(*next);
        if (!next) return none(next.error());
        auto found = read_ip(next->rest);
        if (found && found->fragment && !is_quoted && can_be_joined(*found)) {
            const auto joined = fragments_.take(*found, record.time);
            if (!joined) return none(no_segment::fragment);
            found->rest = {*joined, joined->size()};
            found->fragment.reset();
            if (found->source.ipv6) found = skip_extensions(*found);
        }
        if (!found) return none(found.error());
        if (found->fragment && found->fragment->offset > 0) return none(no_segment::fragment);
        if (found->protocol == protocol_tcp) return read_tcp(*found, is_quoted);
        next = skip_datagram(*found);
        is_quoted = is_quoted || is_icmp(*found);
    }
}

}  // namespace framewire
