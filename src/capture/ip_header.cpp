#include "ip_header.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

using read_datagram = tl::expected<datagram, no_segment>;

segment_end endpoint_at(bytes header, std::size_t at, bool ipv6) {
    segment_end where{.ipv6 = ipv6};
    std::ranges::copy(header.substr(at, ipv6 ? 16 : 4), where.address.begin());
    return where;
}

// A length of 0 means that the datagram is larger than the field can hold: it was captured before
// the card segmented it. Otherwise it is not longer than the record, but was captured in part.
layer limit(layer rest, std::uint64_t declared) {
    if (declared == 0) return rest;
    rest.captured = rest.captured.substr(0, static_cast<std::size_t>(declared));
    return {rest.captured, declared};
}

read_datagram read_ipv4(layer input) {
    constexpr std::size_t header_bytes_min = 20;
    constexpr std::uint32_t more_fragments = 0x2000;
    constexpr std::uint32_t offset_mask = 0x1FFF;
    if (!input.has(header_bytes_min)) return none();
    const auto head = input.captured;
    const std::size_t header_bytes = (byte_at(head, 0) & 0x0FU) * std::size_t{4};
    const std::size_t total = big_endian_16(head, 2);
    datagram found{endpoint_at(head, 12, false), endpoint_at(head, 16, false), byte_at(head, 9)};
    const bool is_tcp = found.protocol == protocol_tcp;
    if (header_bytes < header_bytes_min || (total != 0 && total < header_bytes)) {
        return none(is_tcp ? no_segment::malformed : no_segment::not_tcp);
    }
    if (!input.has(header_bytes)) {
        return none(is_tcp ? no_segment::cut_header : no_segment::not_tcp);
    }
    found.rest = limit(input, total).after(header_bytes);
    const auto fragment = big_endian_16(head, 6);
    if ((fragment & (more_fragments | offset_mask)) != 0) {
        found.fragment = {big_endian_16(head, 4), (fragment & offset_mask) * 8,
                          (fragment & more_fragments) == 0};
    }
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

read_datagram read_ipv6(layer input) {
    constexpr std::size_t header_bytes = 40;
    if (!input.has(header_bytes)) return none();
    const auto head = input.captured;
    return skip_extensions({endpoint_at(head, 8, true), endpoint_at(head, 24, true),
                            byte_at(head, 6),
                            limit(input.after(header_bytes), big_endian_16(head, 4))});
}

}  // namespace

std::string segment_end::text() const {
    std::array<char, INET6_ADDRSTRLEN> host{};
    ::inet_ntop(ipv6 ? AF_INET6 : AF_INET, address.data(), host.data(), host.size());
    return fmt::format(fmt::runtime(ipv6 ? "[{}]:{}" : "{}:{}"), host.data(), port);
}

tl::expected<datagram, no_segment> skip_extensions(datagram found) {
    constexpr std::uint8_t fragment = 44;
    constexpr std::size_t extension_bytes_min = 8;
    for (;;) {
        if (!found.rest.has(extension_bytes_min)) return found;
        const auto head = found.rest.captured;
        const auto size = extension_bytes(found.protocol, head);
        if (!size) return found;
        if (!found.rest.has(*size)) return none();
        const bool is_fragment = found.protocol == fragment;
        found.protocol = byte_at(head, 0);
        found.rest = found.rest.after(*size);
        if (!is_fragment) continue;
        const std::uint32_t place = big_endian_16(head, 2);
        const bool is_last = (place & 1) == 0;
        const auto offset = place & 0xFFF8;
        if (offset == 0 && is_last) continue;
        found.fragment = {big_endian_32(head, 4), offset, is_last};
        return found;
    }
}

tl::expected<datagram, no_segment> read_ip(layer input) {
    if (!input.has(1)) return none();
    switch (byte_at(input.captured, 0) >> 4) {
        case 4: return read_ipv4(input);
        case 6: return read_ipv6(input);
        default: return none();
    }
}

}  // namespace framewire
