#include "link_header.hpp"

#include <algorithm>
#include <array>

namespace framewire {
namespace {

using skip = inner_or_none (*)(layer);

inner_or_none skip_typed(layer record, std::size_t type_at, std::size_t header_bytes) {
    if (!record.has(header_bytes)) return none();
    return inner{header::typed, record.after(header_bytes),
                 big_endian_16(record.captured, type_at)};
}

template <header What, std::size_t HeaderBytes = 0>
inner_or_none skip_fixed(layer record) {
    if (!record.has(HeaderBytes)) return none();
    return inner{What, record.after(HeaderBytes)};
}

template <std::size_t TypeAt, std::size_t HeaderBytes>
inner_or_none skip_to_type(layer record) {
    return skip_typed(record, TypeAt, HeaderBytes);
}

// Before the type: what kind of packet it is, hardware type, address. In SLL2 the type comes
// first.
inner_or_none skip_linux_cooked(layer record) { return skip_typed(record, 14, 16); }
inner_or_none skip_linux_cooked_2(layer record) { return skip_typed(record, 0, 20); }

// AF_INET6 differs between systems: Linux, OpenBSD and NetBSD, FreeBSD, macOS.
bool is_ip_family(std::uint32_t family) {
    constexpr std::array<std::uint32_t, 5> families{2, 10, 24, 28, 30};
    return std::ranges::find(families, family) != families.end();
}

// The address family in the byte order of the machine that captured, or in network order.
inner_or_none skip_family(layer record) {
    constexpr std::size_t header_bytes = 4;
    if (!record.has(header_bytes)) return none();
    const auto family = big_endian_32(record.captured, 0);
    if (!is_ip_family(family) && !is_ip_family(__builtin_bswap32(family))) return none();
    return inner{header::ip, record.after(header_bytes)};
}

// Of OpenBSD's packet filter: the length of the header, without its padding, then the family.
inner_or_none skip_pflog(layer record) {
    if (!record.has(2)) return none();
    const auto header_bytes = (byte_at(record.captured, 0) + std::size_t{3}) / 4 * 4;
    if (!record.has(header_bytes) || !is_ip_family(byte_at(record.captured, 1))) return none();
    return inner{header::ip, record.after(header_bytes)};
}

// Address 0x0F (unicast) or 0x8F (multicast), control 0, then an EtherType. 0xFF is PPP instead.
inner_or_none skip_cisco_hdlc(layer record) {
    constexpr std::uint8_t ppp = 0xFF;
    if (!record.has(4)) return none();
    if (byte_at(record.captured, 0) == ppp) return inner{header::ppp, record};
    return skip_typed(record, 2, 4);
}

// Whether the record was sent or received, then PPP or Cisco's HDLC.
inner_or_none skip_direction(layer record) { return skip_cisco_hdlc(record.after(1)); }

inner_or_none skip_ppp(layer record) {
    const bool is_cisco = record.has(2) && (big_endian_16(record.captured, 0) & 0x7FFF) == 0x0F00;
    return is_cisco ? skip_cisco_hdlc(record) : inner{header::ppp, record};
}

// Of Linux's netfilter: type-length-value, padded to 4, in the byte order of the machine; the
// payload is IP of the family that the header names.
inner_or_none skip_nflog(layer record) {
    constexpr std::size_t header_bytes = 4;
    constexpr std::size_t value_head_bytes = 4;
    constexpr std::uint16_t payload = 9;
    if (!record.has(header_bytes) || !is_ip_family(byte_at(record.captured, 0))) return none();
    auto rest = record.after(header_bytes);
    while (rest.has(value_head_bytes)) {
        auto size = little_endian_16(rest.captured, 0);
        auto type = little_endian_16(rest.captured, 2);
        // No type is above 255 unless its bytes are swapped.
        if ((type & 0x7FFF) > 0xFF && (type & 0xFF) == 0) {
            size = big_endian_16(rest.captured, 0);
            type = big_endian_16(rest.captured, 2);
        }
        if (size < value_head_bytes) return none();
        if ((type & 0x7FFF) == payload) {
            return inner{header::ip, rest.up_to(size).after(value_head_bytes)};
        }
        rest = rest.after((size + std::size_t{3}) / 4 * 4);
    }
    return none();
}

// Of macOS: its length and the link type of what follows, in the byte order of the machine, which
// is little-endian.
inner_or_none skip_pktap(layer record) {
    constexpr std::size_t header_bytes_min = 12;
    constexpr int pktap = 258;
    constexpr byte_order little{};
    if (!record.has(header_bytes_min)) return none();
    const auto header_bytes = little.u32(record.captured, 0);
    const auto link_type = static_cast<int>(little.u32(record.captured, 8) & 0xFFFF);
    if (header_bytes < header_bytes_min || link_type == pktap) return none(no_segment::unread);
    return skip_link(record.after(header_bytes), link_type);
}

// Per-packet information: its length and the link type of what follows.
inner_or_none skip_ppi(layer record) {
    constexpr std::size_t header_bytes_min = 8;
    constexpr int ppi = 192;
    constexpr byte_order little{};
    if (!record.has(header_bytes_min)) return none();
    const auto header_bytes = little.u16(record.captured, 2);
    const auto link_type = static_cast<int>(little.u32(record.captured, 4) & 0xFFFF);
    if (header_bytes < header_bytes_min || link_type == ppi) return none(no_segment::unread);
    return skip_link(record.after(header_bytes), link_type);
}

inner_or_none skip_plain_wlan(layer record) { return skip_wlan(record); }

// Both name their length: Prism's in the byte order of the machine, AVS's in network order.
inner_or_none skip_prism(layer record) {
    constexpr byte_order little{};
    if (!record.has(8)) return none();
    const auto is_avs = byte_at(record.captured, 0) == 0x80;
    const auto size = is_avs ? big_endian_32(record.captured, 4) : little.u32(record.captured, 4);
    return skip_wlan(record.after(size));
}

// Two bytes of address, then control, a pad or none, and what follows (RFC 2427). Cisco's own form
// has an EtherType instead.
inner_or_none skip_frame_relay(layer record) {
    constexpr std::uint16_t control_and_ip = 0x03CC;
    constexpr std::uint16_t control_and_pad = 0x0300;
    constexpr std::uint8_t snap = 0x80;
    if (!record.has(10)) return none();
    const auto control = big_endian_16(record.captured, 2);
    if (control == control_and_ip) return inner{header::ip, record.after(4)};
    if (control != control_and_pad) return skip_typed(record, 2, 4);
    if (byte_at(record.captured, 4) != snap) return none();
    return skip_typed(record, 8, 10);
}

// IPv4 over FireWire: two addresses of 8 bytes, then an EtherType.
inner_or_none skip_firewire(layer record) { return skip_typed(record, 16, 18); }

// IP over InfiniBand: a global header, then an EtherType and two bytes.
inner_or_none skip_infiniband(layer record) { return skip_typed(record, 40, 44); }

struct link_row {
    int link_type;
    skip read;
};

constexpr std::array<link_row, 31> links{{
    {0, skip_family},                   // BSD loopback
    {1, skip_fixed<header::ethernet>},  //
    {9, skip_ppp},                      //
    {12, skip_fixed<header::ip>},       // raw IP, as some systems number it
    {14, skip_fixed<header::ip>},       // and OpenBSD
    {50, skip_ppp},                     // HDLC-framed
    {51, skip_fixed<header::ppp, 6>},   // PPPoE without Ethernet
    {101, skip_fixed<header::ip>},      // raw IP
    {104, skip_cisco_hdlc},             //
    {105, skip_plain_wlan},             // 802.11
    {107, skip_frame_relay},            //
    {108, skip_family},                 // OpenBSD loopback
    {109, skip_fixed<header::ip, 12>},  // OpenBSD's enc
    {113, skip_linux_cooked},           //
    {117, skip_pflog},                  //
    {119, skip_prism},                  // 802.11
    {127, skip_radiotap},               // 802.11
    {138, skip_firewire},               // Apple
    {149, skip_pktap},                  // a number for private use that macOS took
    {163, skip_prism},                  // 802.11, AVS
    {166, skip_fixed<header::ppp, 2>},  // of pppd: direction, control
    {192, skip_ppi},                    //
    {204, skip_fixed<header::ppp, 1>},  // with direction
    {205, skip_direction},              // Cisco HDLC with direction
    {219, skip_fixed<header::mpls>},    //
    {228, skip_fixed<header::ip>},      // IPv4
    {229, skip_fixed<header::ip>},      // IPv6
    {239, skip_nflog},                  //
    {242, skip_infiniband},
    {258, skip_pktap},           //
    {276, skip_linux_cooked_2},  //
}};

const link_row* find(int link_type) {
    const auto* const found = std::ranges::find(links, link_type, &link_row::link_type);
    return found == links.end() ? nullptr : &*found;
}

}  // namespace

bool knows_link(int link_type) { return find(link_type) != nullptr; }

inner_or_none skip_link(layer record, int link_type) {
    const auto* row = find(link_type);
    return row == nullptr ? none(no_segment::unread) : row->read(record);
}

}  // namespace framewire
