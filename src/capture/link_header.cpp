#include "link_header.hpp"

#include "big_endian.hpp"
#include "segment.hpp"

#include <pcap/pcap.h>
#include <algorithm>
#include <array>

namespace framewire {
namespace {

constexpr std::uint16_t type_ipv4 = 0x0800;
constexpr std::uint16_t type_ipv6 = 0x86DD;
// 802.1Q, 802.1ad, and a value from before the standard. Tags may be nested.
constexpr std::array<std::uint16_t, 3> types_vlan{0x8100, 0x88A8, 0x9100};
constexpr std::size_t vlan_tag_bytes = 4;

// `rest` begins after the EtherType.
bytes skip_tags(std::uint16_t type, bytes rest) {
    while (std::ranges::find(types_vlan, type) != types_vlan.end()) {
        if (rest.size() < vlan_tag_bytes) return {};
        type = big_endian_16(rest, 2);
        rest.remove_prefix(vlan_tag_bytes);
    }
    return type == type_ipv4 || type == type_ipv6 ? rest : bytes{};
}

bytes skip_typed(bytes captured, std::size_t type_at, std::size_t header_bytes) {
    if (captured.size() < header_bytes) return {};
    return skip_tags(big_endian_16(captured, type_at), captured.substr(header_bytes));
}

// The address family in the byte order of the machine that captured, or in network order. AF_INET6
// differs between systems: Linux, OpenBSD and NetBSD, FreeBSD, macOS.
bytes skip_family(bytes captured) {
    constexpr std::array<std::uint32_t, 5> families_ip{2, 10, 24, 28, 30};
    constexpr std::size_t header_bytes = 4;
    if (captured.size() < header_bytes) return {};
    const auto network = big_endian_32(captured, 0);
    const auto other = __builtin_bswap32(network);
    const auto is_ip = [&](auto family) { return family == network || family == other; };
    return std::ranges::any_of(families_ip, is_ip) ? captured.substr(header_bytes) : bytes{};
}

}  // namespace

bool knows_link(int link_type) noexcept {
    switch (link_type) {
        case DLT_EN10MB:
        case DLT_LINUX_SLL:
        case DLT_LINUX_SLL2:
        case DLT_RAW:
        case DLT_IPV4:
        case DLT_IPV6:
        case DLT_NULL:
        case DLT_LOOP: return true;
        default: return false;
    }
}

bytes skip_link_header(bytes captured, int link_type) {
    switch (link_type) {
        case DLT_EN10MB: return skip_typed(captured, 12, 14);
        case DLT_LINUX_SLL: return skip_typed(captured, 14, 16);
        case DLT_LINUX_SLL2: return skip_typed(captured, 0, 20);
        case DLT_NULL:
        case DLT_LOOP: return skip_family(captured);
        default: return captured;
    }
}

}  // namespace framewire
