#include "segment.hpp"

#include "big_endian.hpp"
#include "link_header.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <algorithm>
#include <optional>

namespace framewire {
namespace {

constexpr std::uint8_t protocol_tcp = 6;

// The payload of an IP datagram.
struct datagram {
    segment_end source;
    segment_end destination;
    std::uint8_t protocol = 0;
    bytes rest{};
    std::size_t rest_bytes = 0;  // sent; fewer may have been captured
};

using read_datagram = tl::expected<datagram, no_segment>;

segment_end endpoint_at(bytes header, std::size_t at, bool ipv6) {
    segment_end where{.ipv6 = ipv6};
    std::ranges::copy(header.substr(at, ipv6 ? 16 : 4), where.address.begin());
    return where;
}

// A length of 0 means that the datagram is larger than the field can hold: it was captured before
// the card segmented it. Padding that the link added after the datagram is cut.
void limit(datagram& found, std::size_t declared_bytes, std::size_t sent_bytes) {
    found.rest_bytes = declared_bytes == 0 ? sent_bytes : declared_bytes;
    found.rest = found.rest.substr(0, found.rest_bytes);
}

read_datagram read_ipv4(bytes input, std::size_t sent_bytes) {
    constexpr std::size_t header_bytes_min = 20;
    constexpr std::uint16_t more_fragments_or_offset = 0x3FFF;
    if (input.size() < header_bytes_min) return tl::unexpected(no_segment::not_tcp);
    const std::size_t header_bytes = (byte_at(input, 0) & 0x0FU) * std::size_t{4};
    const std::size_t total = big_endian_16(input, 2);
    datagram found{endpoint_at(input, 12, false), endpoint_at(input, 16, false),
                   byte_at(input, 9)};
    if (found.protocol != protocol_tcp) return tl::unexpected(no_segment::not_tcp);
    if (header_bytes < header_bytes_min || (total != 0 && total < header_bytes)) {
        return tl::unexpected(no_segment::malformed);
    }
    if ((big_endian_16(input, 6) & more_fragments_or_offset) != 0) {
        return tl::unexpected(no_segment::fragment);
    }
    if (input.size() < header_bytes) return tl::unexpected(no_segment::cut_header);
    found.rest = input;
    limit(found, total, sent_bytes);
    found.rest = found.rest.substr(header_bytes);
    found.rest_bytes -= header_bytes;
    return found;
}

// The size of the extension header at the front of `rest`; nothing if there is none.
std::optional<std::size_t> extension_bytes(std::uint8_t type, bytes rest) {
    constexpr std::uint8_t authentication = 51;
    switch (type) {
        case 0:    // hop-by-hop options
        case 43:   // routing
        case 60:   // destination options
        case 135:  // mobility
        case 139:  // host identity
        case 140:  // shim6
            return (byte_at(rest, 1) + std::size_t{1}) * 8;
        case 44: return 8;  // fragment
        case authentication: return (byte_at(rest, 1) + std::size_t{2}) * 4;
        default: return std::nullopt;
    }
}

// Skips the extension headers. Requires: the length of the datagram is right.
tl::expected<void, no_segment> skip_extensions(datagram& found) {
    constexpr std::uint8_t fragment = 44;
    constexpr std::uint16_t more_fragments_or_offset = 0xFFF9;
    constexpr std::size_t extension_bytes_min = 8;
    while (found.protocol != protocol_tcp) {
        if (found.rest.size() < extension_bytes_min) return tl::unexpected(no_segment::not_tcp);
        const auto size = extension_bytes(found.protocol, found.rest);
        if (!size || found.rest.size() < *size) return tl::unexpected(no_segment::not_tcp);
        const bool is_fragment = found.protocol == fragment &&
                                 (big_endian_16(found.rest, 2) & more_fragments_or_offset) != 0;
        found.protocol = byte_at(found.rest, 0);
        // A later fragment does not show its protocol; the header of the first names it.
        if (is_fragment) {
            return tl::unexpected(found.protocol == protocol_tcp ? no_segment::fragment
                                                                 : no_segment::not_tcp);
        }
        found.rest.remove_prefix(*size);
        found.rest_bytes -= *size;
    }
    return {};
}

read_datagram read_ipv6(bytes input, std::size_t sent_bytes) {
    constexpr std::size_t header_bytes = 40;
    if (input.size() < header_bytes) return tl::unexpected(no_segment::not_tcp);
    datagram found{endpoint_at(input, 8, true), endpoint_at(input, 24, true), byte_at(input, 6),
                   input.substr(header_bytes)};
    limit(found, big_endian_16(input, 4), sent_bytes - header_bytes);
    return skip_extensions(found).map([&] { return found; });
}

read_datagram read_ip(bytes input, std::size_t sent_bytes) {
    if (input.empty()) return tl::unexpected(no_segment::not_tcp);
    switch (byte_at(input, 0) >> 4) {
        case 4: return read_ipv4(input, sent_bytes);
        case 6: return read_ipv6(input, sent_bytes);
        default: return tl::unexpected(no_segment::not_tcp);
    }
}

tl::expected<segment, no_segment> read_tcp(const datagram& carrier) {
    constexpr std::size_t header_bytes_min = 20;
    constexpr std::size_t ports_to_flags = 14;
    const auto input = carrier.rest;
    if (carrier.rest_bytes < header_bytes_min) return tl::unexpected(no_segment::malformed);
    if (input.size() < ports_to_flags) return tl::unexpected(no_segment::cut_header);
    const std::size_t header_bytes = (byte_at(input, 12) >> 4) * std::size_t{4};
    if (header_bytes < header_bytes_min || carrier.rest_bytes < header_bytes) {
        return tl::unexpected(no_segment::malformed);
    }
    const auto flags = byte_at(input, 13);
    segment found{.source = carrier.source,
                  .destination = carrier.destination,
                  .sequence = big_endian_32(input, 4),
                  .acknowledgement = big_endian_32(input, 8),
                  .syn = (flags & 0x02U) != 0,
                  .ack = (flags & 0x10U) != 0,
                  .fin = (flags & 0x01U) != 0,
                  .reset = (flags & 0x04U) != 0,
                  .payload = input.substr(std::min(header_bytes, input.size())),
                  .payload_bytes = carrier.rest_bytes - header_bytes};
    found.source.port = big_endian_16(input, 0);
    found.destination.port = big_endian_16(input, 2);
    return found;
}

}  // namespace

std::string segment_end::text() const {
    std::array<char, INET6_ADDRSTRLEN> host{};
    ::inet_ntop(ipv6 ? AF_INET6 : AF_INET, address.data(), host.data(), host.size());
    return fmt::format(fmt::runtime(ipv6 ? "[{}]:{}" : "{}:{}"), host.data(), port);
}

tl::expected<segment, no_segment> read_segment(const captured_record& record, int link_type) {
    const auto found = skip_link_header(record.captured, link_type);
    // A record that claims fewer bytes than were captured is taken as captured.
    const auto sent_bytes = std::max(record.sent_bytes, record.captured.size());
    return read_ip(found, sent_bytes - (record.captured.size() - found.size())).and_then(read_tcp);
}

}  // namespace framewire
