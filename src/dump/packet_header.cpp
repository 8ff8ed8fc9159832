#include "packet_header.hpp"

#include "dump.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace framewire {
namespace {

// LINKTYPE_ numbers: https://www.tcpdump.org/linktypes.html
struct link {
    int number = 0;
    std::size_t header = 0;
    // Where the header names the protocol after it, if it does.
    std::optional<std::size_t> protocol_at;
};

constexpr std::array<link, 6> links{{
    {1, 14, 12},             // Ethernet
    {1, 18, 16},             // Ethernet with a VLAN
    {101, 0, std::nullopt},  // IP
    {113, 16, 14},           // Linux, cooked
    {276, 20, 0},            // Linux, cooked, version 2
    {0, 4, std::nullopt},    // loopback of BSD
}};

unsigned number_at(std::string_view data, std::size_t at) {
    return static_cast<unsigned>(static_cast<std::uint8_t>(data[at])) << 8U |
           static_cast<std::uint8_t>(data[at + 1]);
}

// RFC 791, section 3.1: the sum of a header with its checksum is all ones.
bool has_checksum(std::string_view header) {
    std::uint32_t sum = 0;
    for (std::size_t at = 0; at + 1 < header.size(); at += 2) sum += number_at(header, at);
    while (sum > 0xFFFF) sum = (sum & 0xFFFFU) + (sum >> 16U);
    return sum == 0xFFFF;
}

bool is_ipv6(std::string_view data) {
    struct header {
        std::uint8_t number;
        std::size_t size_min;
    };
    // TCP, UDP, ICMP and the extension headers.
    constexpr std::array<header, 7> headers{
        {{6, 20}, {17, 8}, {58, 4}, {0, 8}, {43, 8}, {44, 8}, {60, 8}}};
    if (data.size() < 40 || number_at(data, 4) + std::size_t{40} > data.size()) return false;
    const auto* const next =
        std::ranges::find(headers, static_cast<std::uint8_t>(data[6]), &header::number);
    return next != headers.end() && number_at(data, 4) >= next->size_min;
}

// Ethernet pads a short packet, so bytes may follow.
bool is_ip(std::string_view data) {
    if (data.size() < 20) return false;
    const auto first = static_cast<unsigned>(static_cast<std::uint8_t>(data[0]));
    if (first >> 4U == 6) return is_ipv6(data);
    const std::size_t header = std::size_t{first & 0xFU} * 4;
    if (first >> 4U != 4 || header < 20 || header > data.size()) return false;
    // A card that computes checksums and cuts segments leaves both to be done.
    const auto total = number_at(data, 2);
    return total >= header && has_checksum(data.substr(0, header));
}

bool is_of(const link& one, std::string_view data) {
    if (data.size() < one.header) return false;
    if (one.protocol_at) {
        const auto protocol = number_at(data, *one.protocol_at);
        // What is not IP, such as ARP, may be between.
        if (protocol != 0x0800 && protocol != 0x86DD) return protocol >= 0x0600 && one.number == 1;
    }
    return is_ip(data.substr(one.header));
}

}  // namespace

std::optional<int> link_type_of(const std::vector<dump_piece>& pieces) {
    for (const auto& one : links) {
        const auto fits = [&](const dump_piece& piece) { return is_of(one, piece.data); };
        const auto has_ip = [&](const dump_piece& piece) {
            return piece.data.size() >= one.header &&
                   is_ip(std::string_view(piece.data).substr(one.header));
        };
        if (!pieces.empty() && std::ranges::all_of(pieces, fits) &&
            std::ranges::any_of(pieces, has_ip)) {
            return one.number;
        }
    }
    return std::nullopt;
}

}  // namespace framewire
