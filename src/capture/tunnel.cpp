#include "tunnel.hpp"

namespace framewire {
namespace {

constexpr std::uint16_t type_ipv4 = 0x0800;
constexpr std::uint16_t type_ipv6 = 0x86DD;
// Below it, it is the length of the frame (IEEE 802.3), and LLC follows.
constexpr std::uint16_t type_min = 0x0600;

inner_or_none typed_inner(std::uint16_t type, layer rest) {
    return inner{header::typed, rest, type};
}

inner_or_none skip_ethernet(layer frame) {
    if (!frame.has(14)) return none();
    return typed_inner(big_endian_16(frame.captured, 12), frame.after(14));
}

// IP, or SNAP with an EtherType.
inner_or_none skip_llc(layer frame) {
    constexpr std::uint16_t access_point_ip = 0x0606;
    constexpr std::uint16_t access_point_snap = 0xAAAA;
    if (!frame.has(3)) return none();
    const auto access_point = big_endian_16(frame.captured, 0);
    if (access_point == access_point_ip) return inner{header::ip, frame.after(3)};
    if (access_point != access_point_snap || !frame.has(8)) return none();
    // An organisation other than Xerox (0) and Apple has its own types.
    const auto organisation = big_endian_32(frame.captured, 2) & 0xFFFFFF;
    if (organisation != 0 && organisation != 0x0000F8) return none();
    return typed_inner(big_endian_16(frame.captured, 6), frame.after(8));
}

// The address and control of HDLC may be left out, and the first byte of the protocol if it is 0:
// the last one is odd.
inner_or_none skip_ppp_header(layer frame) {
    constexpr std::uint16_t address_and_control = 0xFF03;
    constexpr std::uint16_t ipv4 = 0x0021;
    constexpr std::uint16_t ipv6 = 0x0057;
    constexpr std::uint16_t mpls = 0x0281;
    if (frame.has(2) && big_endian_16(frame.captured, 0) == address_and_control) {
        frame = frame.after(2);
    }
    if (!frame.has(2)) return none();
    const bool is_short = (byte_at(frame.captured, 0) & 1) != 0;
    const std::uint16_t protocol =
        is_short ? byte_at(frame.captured, 0) : big_endian_16(frame.captured, 0);
    frame = frame.after(is_short ? 1 : 2);
    if (protocol == ipv4 || protocol == ipv6) return inner{header::ip, frame};
    if (protocol == mpls) return inner{header::mpls, frame};
    return none();
}

// Labels up to the one that is marked as the last. What they carry is not said: IP begins with its
// version, a control word (RFC 4385) with 0, and anything else is Ethernet.
inner_or_none skip_mpls(layer frame) {
    constexpr std::uint32_t is_last = 0x100;
    for (;;) {
        if (!frame.has(4)) return none();
        const auto label = big_endian_32(frame.captured, 0);
        frame = frame.after(4);
        if ((label & is_last) != 0) break;
    }
    if (!frame.has(1)) return none();
    switch (byte_at(frame.captured, 0) >> 4) {
        case 4:
        case 6: return inner{header::ip, frame};
        case 0: return inner{header::ethernet, frame.after(4)};
        case 1: return none();  // an associated channel: signalling
        default: return inner{header::ethernet, frame};
    }
}

inner_or_none skip_pppoe(layer frame) {
    constexpr std::size_t header_bytes = 6;
    if (!frame.has(header_bytes)) return none();
    return inner{header::ppp, frame.after(header_bytes).up_to(big_endian_16(frame.captured, 4))};
}

inner_or_none skip_tag(layer frame, std::size_t size) {
    if (!frame.has(size)) return none();
    return typed_inner(big_endian_16(frame.captured, size - 2), frame.after(size));
}

inner_or_none skip_typed(layer rest, std::uint16_t type) {
    if (type < type_min) return inner{header::llc, rest.up_to(type)};
    switch (type) {
        case type_ipv4:
        case type_ipv6: return inner{header::ip, rest};
        case 0x8100:  // IEEE 802.1Q
        case 0x88A8:  // 802.1ad
        case 0x9100:  // from before the standard
        case 0x9200: return skip_tag(rest, 4);
        case 0x8926: return skip_tag(rest, 6);  // Cisco's VN-Tag
        case 0x6558: return inner{header::ethernet, rest};
        case 0x88E7: return inner{header::ethernet, rest.after(4)};  // 802.1ah
        case 0x8847:
        case 0x8848: return inner{header::mpls, rest};
        case 0x8864: return skip_pppoe(rest);
        case 0x880B: return inner{header::ppp, rest};
        case 0x894F:                                   // NSH
        case 0x22F3: return none(no_segment::unread);  // TRILL
        default: return none();
    }
}

inner_or_none skip_vxlan(layer rest) {
    if (!rest.has(8)) return none();
    return inner{header::ethernet, rest.after(8)};
}

// The generic protocol extension: it names what it carries.
inner_or_none skip_vxlan_gpe(layer rest) {
    if (!rest.has(8)) return none();
    switch (byte_at(rest.captured, 3)) {
        case 1:
        case 2: return inner{header::ip, rest.after(8)};
        case 3: return inner{header::ethernet, rest.after(8)};
        case 5: return inner{header::mpls, rest.after(8)};
        default: return none(no_segment::unread);
    }
}

inner_or_none skip_geneve(layer rest) {
    if (!rest.has(8)) return none();
    const auto options = (byte_at(rest.captured, 0) & 0x3FU) * std::size_t{4};
    if (!rest.has(8 + options)) return none();
    return typed_inner(big_endian_16(rest.captured, 2), rest.after(8 + options));
}

// 3GPP TS 29.281: version 1 and user data only.
inner_or_none skip_gtp(layer rest) {
    constexpr unsigned has_optional = 0x07;
    constexpr unsigned has_extension = 0x04;
    constexpr std::uint8_t user_data = 0xFF;
    if (!rest.has(8) || byte_at(rest.captured, 0) >> 4 != 3) return none();
    if (byte_at(rest.captured, 1) != user_data) return none();
    const unsigned flags = byte_at(rest.captured, 0);
    rest = rest.after(8);
    if ((flags & has_optional) == 0) return inner{header::ip, rest};
    if (!rest.has(4)) return none();
    auto next = (flags & has_extension) != 0 ? byte_at(rest.captured, 3) : std::uint8_t{0};
    rest = rest.after(4);
    while (next != 0) {
        if (!rest.has(1)) return none();
        const auto size = byte_at(rest.captured, 0) * std::size_t{4};
        if (size == 0 || !rest.has(size)) return none();
        next = byte_at(rest.captured, size - 1);
        rest = rest.after(size);
    }
    return inner{header::ip, rest};
}

// RFC 4380: authentication and origin may come before IPv6.
inner_or_none skip_teredo(layer rest) {
    constexpr std::uint16_t authentication = 1;
    constexpr std::uint16_t origin = 0;
    if (rest.has(4) && big_endian_16(rest.captured, 0) == authentication) {
        rest = rest.after(std::size_t{13} + byte_at(rest.captured, 2) + byte_at(rest.captured, 3));
    }
    if (rest.has(2) && big_endian_16(rest.captured, 0) == origin) rest = rest.after(8);
    if (!rest.has(1) || byte_at(rest.captured, 0) >> 4 != 6) return none();
    return inner{header::ip, rest};
}

// RFC 2661: a message of data, with the fields that its flags name.
inner_or_none skip_l2tp(layer rest) {
    if (!rest.has(6)) return none();
    const auto flags = big_endian_16(rest.captured, 0);
    constexpr unsigned is_control = 0x8000;
    constexpr unsigned has_length = 0x4000;
    constexpr unsigned has_sequence = 0x0800;
    constexpr unsigned has_offset = 0x0200;
    if ((flags & is_control) != 0 || (flags & 0x0F) != 2) return none();
    std::size_t size = 6;
    if ((flags & has_length) != 0) size += 2;
    if ((flags & has_sequence) != 0) size += 4;
    if ((flags & has_offset) != 0) {
        if (!rest.has(size + 2)) return none();
        size += 2 + std::size_t{big_endian_16(rest.captured, size)};
    }
    return inner{header::ppp, rest.after(size)};
}

inner_or_none skip_lisp(layer rest) { return inner{header::ip, rest.after(8)}; }

// ERSPAN (draft-foschiano-erspan) has headers of 8 or 12 bytes before a frame of Ethernet, or
// none.
inner_or_none skip_erspan_3(layer rest) {
    constexpr unsigned has_more = 1;
    if (!rest.has(12)) return none();
    const bool longer = (byte_at(rest.captured, 11) & has_more) != 0;
    return inner{header::ethernet, rest.after(longer ? 20 : 12)};
}

// Web cache communication: a header of 4 bytes, or none, before IP.
inner_or_none skip_wccp(layer rest) {
    if (!rest.has(1)) return none();
    const auto version = byte_at(rest.captured, 0) >> 4;
    return inner{header::ip, version == 4 || version == 6 ? rest : rest.after(4)};
}

inner_or_none skip_tunnel(std::uint16_t port, layer rest) {
    switch (port) {
        case 4789:
        case 8472: return skip_vxlan(rest);  // Linux's own number
        case 4790: return skip_vxlan_gpe(rest);
        case 6081: return skip_geneve(rest);
        case 2152: return skip_gtp(rest);
        case 3544: return skip_teredo(rest);
        case 1701: return skip_l2tp(rest);
        case 4341: return skip_lisp(rest);
        case 6635: return inner{header::mpls, rest};
        case 6343: return none(no_segment::unread);  // sFlow: samples of several records
        default: return none();
    }
}

}  // namespace

inner_or_none skip_header(const inner& outer) {
    switch (outer.what) {
        case header::ethernet: return skip_ethernet(outer.rest);
        case header::typed: return skip_typed(outer.rest, outer.type);
        case header::llc: return skip_llc(outer.rest);
        case header::ppp: return skip_ppp_header(outer.rest);
        case header::mpls: return skip_mpls(outer.rest);
        case header::ip: break;
    }
    return none();
}

inner_or_none skip_gre(layer datagram) {
    constexpr unsigned has_checksum = 0x8000;
    constexpr unsigned has_routing = 0x4000;
    constexpr unsigned has_key = 0x2000;
    constexpr unsigned has_sequence = 0x1000;
    constexpr unsigned has_acknowledgement = 0x0080;  // of PPTP
    constexpr unsigned version = 0x0007;
    constexpr std::uint16_t erspan = 0x88BE;
    constexpr std::uint16_t erspan_3 = 0x22EB;
    constexpr std::uint16_t wccp = 0x883E;
    if (!datagram.has(4)) return none();
    const auto flags = big_endian_16(datagram.captured, 0);
    const auto type = big_endian_16(datagram.captured, 2);
    if ((flags & has_routing) != 0) return none(no_segment::unread);
    std::size_t size = 4;
    if ((flags & has_checksum) != 0) size += 4;
    if ((flags & has_key) != 0) size += 4;
    if ((flags & has_sequence) != 0) size += 4;
    if ((flags & version) == 1 && (flags & has_acknowledgement) != 0) size += 4;
    const auto rest = datagram.after(size);
    if (type == erspan) {
        return inner{header::ethernet, rest.after((flags & has_sequence) != 0 ? 8 : 0)};
    }
    if (type == wccp) return skip_wccp(rest);
    if (type == erspan_3) return skip_erspan_3(rest);
    return typed_inner(type, rest);
}

inner_or_none skip_udp(layer datagram) {
    constexpr std::size_t header_bytes = 8;
    if (!datagram.has(header_bytes)) return none();
    const auto rest = datagram.after(header_bytes);
    const auto to = skip_tunnel(big_endian_16(datagram.captured, 2), rest);
    if (to || to.error() != no_segment::not_tcp) return to;
    return skip_tunnel(big_endian_16(datagram.captured, 0), rest);
}

}  // namespace framewire
