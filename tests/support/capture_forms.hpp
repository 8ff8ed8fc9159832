#pragma once

#include "capture_writer.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::tests {

/// A way in which a datagram of IP is in a capture: the link, tunnels, fragments.
struct capture_form {
    std::string name;
    std::size_t link_type = 1;
    /// The records of a datagram.
    std::function<std::vector<std::string>(const std::string&)> wrap;
    bool is_ipv6 = false;
};

inline constexpr std::string_view hello_message{"\0\0\0\5Hello", 9};
inline constexpr std::string_view ok_message{"\0\0\0\2OK", 6};

/// The datagrams of one conversation: the client sends `hello_message`, the server `ok_message`,
/// and both end. The number is part of the client's address.
inline std::vector<std::string> conversation_datagrams(bool is_ipv6, std::uint8_t number) {
    const std::string client4{'\x0a', '\1', '\0', static_cast<char>(number)};
    const std::string client6 = std::string(ipv6_one.substr(0, 15)) + static_cast<char>(number);
    const auto datagram = [&](bool from_client, std::uint32_t sequence, std::uint32_t other,
                              std::string_view flags, std::string_view payload) {
        const auto segment =
            tcp({.source_port = from_client ? std::uint16_t{40'000} : std::uint16_t{7000},
                 .destination_port = from_client ? std::uint16_t{7000} : std::uint16_t{40'000},
                 .sequence = sequence,
                 .acknowledgement = other,
                 .flags = flags,
                 .payload = payload});
        if (is_ipv6) {
            return from_client ? ipv6(segment, 6, client6, ipv6_two)
                               : ipv6(segment, 6, ipv6_two, client6);
        }
        const ipv4_fields away{.source = client4};
        const ipv4_fields back{.source = away.destination, .destination = client4};
        return ipv4(segment, from_client ? away : back);
    };
    return {datagram(true, 99, 0, "S", ""),
            datagram(false, 499, 100, "SA", ""),
            datagram(true, 100, 500, "A", hello_message),
            datagram(false, 500, 109, "A", ok_message),
            datagram(true, 109, 506, "FA", ""),
            datagram(false, 506, 110, "FA", "")};
}

inline std::size_t type_of(std::string_view datagram) {
    return static_cast<unsigned char>(datagram[0]) >> 4 == 6 ? type_ipv6 : type_ipv4;
}

/// The header of 802.11 for data from a station, with LLC and SNAP.
inline std::string wlan(std::string_view datagram, std::size_t control, std::size_t flags,
                        std::string_view after_addresses) {
    return number_writer()
        .u8(control)
        .u8(flags)
        .text(std::string(22, 'a'))
        .text(after_addresses)
        .text("\xAA\xAA\3")
        .u8(0)
        .u16(0)
        .u16(type_of(datagram))
        .text(datagram)
        .done();
}

inline std::string udp(std::size_t port, std::string_view payload) {
    return ipv4(
        number_writer().u16(port).u16(port).u16(8 + payload.size()).u16(0).text(payload).done(),
        {.source = "abcd", .destination = "efgh", .protocol = 17});
}

inline std::string tunnel(std::size_t protocol, std::string_view payload) {
    return ipv4(payload, {.source = "abcd", .destination = "efgh", .protocol = protocol});
}

inline std::string typed(std::string_view datagram) {
    return ethernet(datagram, type_of(datagram));
}

/// The same datagram of IPv4 as fragments of at most `size` bytes.
inline std::vector<std::string> fragments(const std::string& whole, std::size_t size,
                                          std::size_t identification) {
    constexpr std::size_t header_bytes = 20;
    std::vector<std::string> parts;
    for (std::size_t at = 0; header_bytes + at < whole.size(); at += size) {
        const auto payload = whole.substr(header_bytes + at, size);
        const bool more = header_bytes + at + size < whole.size();
        parts.push_back(ipv4(payload, {.source = std::string_view(whole).substr(12, 4),
                                       .destination = std::string_view(whole).substr(16, 4),
                                       .protocol = static_cast<unsigned char>(whole[9]),
                                       .fragment = (more ? 0x2000U : 0U) + at / 8,
                                       .identification = identification}));
    }
    return parts;
}

/// The same datagram of IPv6 as fragments.
inline std::vector<std::string> fragments_ipv6(const std::string& whole, std::size_t size,
                                               std::size_t identification) {
    constexpr std::size_t header_bytes = 40;
    std::vector<std::string> parts;
    for (std::size_t at = 0; header_bytes + at < whole.size(); at += size) {
        const bool more = header_bytes + at + size < whole.size();
        const auto part = number_writer()
                              .u8(6)
                              .u8(0)
                              .u16(at + (more ? 1 : 0))
                              .u32(identification)
                              .text(whole.substr(header_bytes + at, size))
                              .done();
        parts.push_back(ipv6(part, 44, std::string_view(whole).substr(8, 16),
                             std::string_view(whole).substr(24, 16)));
    }
    return parts;
}

inline std::vector<capture_form> link_forms() {
    using text = const std::string&;
    const auto one = [](auto wrap) {
        return [wrap](text datagram) { return std::vector<std::string>{wrap(datagram)}; };
    };
    const auto after = [&](std::string head) {
        return one([head](text datagram) { return head + datagram; });
    };
    const auto bytes_of = [](std::initializer_list<int> values) {
        std::string out;
        for (const int value : values) out += static_cast<char>(value);
        return out;
    };
    const auto little = [](std::size_t value) { return number_writer(false).u32(value).done(); };
    const auto big = [](std::size_t value) { return number_writer().u32(value).done(); };
    const auto zeros = [](std::size_t size) { return std::string(size, '\0'); };
    const std::string type4 = bytes_of({8, 0});
    const std::string radiotap = bytes_of({0, 0, 9, 0, 2, 0, 0, 0});
    return {
        {"null", 0, after(little(2))},
        {"null_ipv6_of_macos", 0, after(little(30)), true},
        {"null_of_another_machine", 0, after(big(2))},
        {"ethernet", 1, one(typed)},
        {"ethernet_ipv6", 1, one(typed), true},
        {"ethernet_with_llc", 1, one([=](text datagram) {
             const auto llc = bytes_of({0xAA, 0xAA, 3, 0, 0, 0}) + type4 + datagram;
             return ethernet(llc, llc.size());
         })},
        {"ethernet_with_padding", 1,
         one([](text datagram) { return typed(datagram) + "padding"; })},
        {"ppp", 9, after(bytes_of({0, 0x21}))},
        {"ppp_with_address", 9, after(bytes_of({0xFF, 3, 0, 0x21}))},
        {"ppp_with_a_short_protocol", 9, after(bytes_of({0x21}))},
        {"ppp_ipv6", 9, after(bytes_of({0, 0x57})), true},
        {"raw_12", 12, after("")},
        {"raw_14", 14, after("")},
        {"ppp_hdlc", 50, after(bytes_of({0xFF, 3, 0, 0x21}))},
        {"ppp_ethernet", 51, one([=](text datagram) {
             return number_writer()
                 .u16(0x1100)
                 .u16(7)
                 .u16(2 + datagram.size())
                 .u16(0x21)
                 .text(datagram)
                 .done();
         })},
        {"raw", 101, after("")},
        {"raw_ipv6", 101, after(""), true},
        {"cisco_hdlc", 104, after(bytes_of({0x0F, 0}) + type4)},
        {"wlan", 105, one([](text datagram) { return wlan(datagram, 0x08, 1, ""); })},
        {"wlan_qos", 105, one([=](text datagram) { return wlan(datagram, 0x88, 2, zeros(2)); })},
        {"wlan_qos_with_more_control", 105,
         one([=](text datagram) { return wlan(datagram, 0x88, 0x82, zeros(6)); })},
        {"wlan_four_addresses", 105,
         one([](text datagram) { return wlan(datagram, 0x08, 3, "aaaaaa"); })},
        {"frame_relay", 107, after(bytes_of({0x18, 0x41, 3, 0xCC}))},
        {"frame_relay_snap", 107, after(bytes_of({0x18, 0x41, 3, 0, 0x80, 0, 0, 0}) + type4)},
        {"loop", 108, after(big(2))},
        {"enc", 109, after(little(2) + zeros(8))},
        {"sll", 113, after(bytes_of({0, 0, 0, 1, 0, 6}) + zeros(8) + type4)},
        {"pflog", 117, after(bytes_of({61, 2}) + zeros(62))},
        {"prism", 119, one([=](text datagram) {
             return little(0x44) + little(144) + std::string(136, '\0') +
                    wlan(datagram, 0x08, 1, "");
         })},
        {"radiotap", 127,
         one([=](text datagram) { return radiotap + zeros(1) + wlan(datagram, 0x08, 1, ""); })},
        {"radiotap_with_time_and_padding", 127, one([=](text datagram) {
             return bytes_of({0, 0, 17, 0, 3, 0, 0, 0}) + zeros(8) + bytes_of({0x20}) +
                    wlan(datagram, 0x88, 1, zeros(4));
         })},
        {"pppd", 166, after(bytes_of({1, 3, 0, 0x21}))},
        {"ppi", 192, after(bytes_of({0, 0, 8, 0}) + little(101))},
        {"ppp_with_direction", 204, after(bytes_of({0, 0xFF, 3, 0, 0x21}))},
        {"cisco_hdlc_with_direction", 205, after(bytes_of({0, 0x0F, 0}) + type4)},
        {"mpls_link", 219, after(bytes_of({0, 1, 0x11, 64}))},
        {"ipv4", 228, after("")},
        {"ipv6", 229, after(""), true},
        {"nflog", 239, one([=](text datagram) {
             return bytes_of({2, 0, 0, 0, 8, 0, 1, 0}) + zeros(4) +
                    number_writer(false).u16(4 + datagram.size()).u16(9).text(datagram).done();
         })},
        {"infiniband", 242, after(std::string(40, 'a') + type4 + zeros(2))},
        {"pktap", 258, one([=](text datagram) {
             return little(108) + little(1) + little(101) + std::string(96, '\0') + datagram;
         })},
        {"sll2", 276, after(type4 + zeros(2) + big(1) + bytes_of({0, 1, 0, 6}) + zeros(8))},
    };
}

inline std::vector<capture_form> tunnel_forms() {
    using text = const std::string&;
    const auto one = [](auto wrap) {
        return [wrap](text datagram) { return std::vector<std::string>{wrap(datagram)}; };
    };
    const auto hex = [](std::initializer_list<int> values) {
        std::string out;
        for (const int value : values) out += static_cast<char>(value);
        return out;
    };
    const auto in_udp = [&](std::size_t port, std::string head) {
        return one([=](text datagram) { return udp(port, head + datagram); });
    };
    const auto in_ip = [&](std::size_t protocol, std::string head) {
        return one([=](text datagram) { return tunnel(protocol, head + datagram); });
    };
    const auto frame_in_udp = [&](std::size_t port, std::string head) {
        return one([=](text datagram) { return udp(port, head + typed(datagram)); });
    };
    const auto frame_in_ip = [&](std::size_t protocol, std::string head) {
        return one([=](text datagram) { return tunnel(protocol, head + typed(datagram)); });
    };
    const auto tagged = [&](std::initializer_list<std::size_t> tags) {
        return one([tags = std::vector(tags)](text datagram) {
            auto out = number_writer().text("ABCDEFabcdef");
            for (const auto tag : tags) out.u16(tag).u16(7);
            return out.u16(type_of(datagram)).text(datagram).done();
        });
    };
    const auto in_ethernet = [&](std::size_t type, std::string head) {
        return one([=](text datagram) { return ethernet(head + datagram, type); });
    };
    const auto label = hex({0, 1, 0x10, 64});
    const auto last_label = hex({0, 2, 0x11, 64});
    return {
        {"vlan", 1, tagged({0x8100})},
        {"vlan_stacked", 1, tagged({0x88A8, 0x8100})},
        {"vlan_before_the_standard", 1, tagged({0x9100, 0x8100})},
        {"mpls", 1, in_ethernet(0x8847, last_label)},
        {"mpls_stacked", 1, in_ethernet(0x8847, label + label + last_label)},
        {"mpls_with_ethernet", 1, one([=](text datagram) {
             return ethernet(last_label + std::string(4, '\0') + typed(datagram), 0x8847);
         })},
        {"pppoe", 1, one([](text datagram) {
             return ethernet(number_writer()
                                 .u16(0x1100)
                                 .u16(7)
                                 .u16(2 + datagram.size())
                                 .u16(0x21)
                                 .text(datagram)
                                 .done(),
                             0x8864);
         })},
        {"provider_bridge", 1,
         one([](text datagram) { return ethernet("\1abc" + typed(datagram), 0x88E7); })},
        {"ip_in_ip", 101, in_ip(4, "")},
        {"ipv6_in_ip", 101, in_ip(41, ""), true},
        {"ip_in_ipv6", 101, one([](text datagram) { return ipv6(datagram, 4); })},
        {"gre", 101, in_ip(47, hex({0, 0, 8, 0}))},
        {"gre_with_checksum_key_and_sequence", 101,
         in_ip(47, hex({0xB0, 0, 8, 0}) + std::string(12, '\1'))},
        {"gre_with_ethernet", 101, frame_in_ip(47, hex({0, 0, 0x65, 0x58}))},
        {"pptp", 101, one([=](text datagram) {
             return tunnel(47, number_writer()
                                   .u16(0x3081)
                                   .u16(0x880B)
                                   .u16(4 + datagram.size())
                                   .u16(1)
                                   .u32(1)
                                   .u32(1)
                                   .u16(0xFF03)
                                   .u16(0x21)
                                   .text(datagram)
                                   .done());
         })},
        {"wccp", 101, in_ip(47, hex({0, 0, 0x88, 0x3E}))},
        {"wccp_2", 101, in_ip(47, hex({0, 0, 0x88, 0x3E, 0, 0, 0, 0}))},
        {"erspan_1", 101, frame_in_ip(47, hex({0, 0, 0x88, 0xBE}))},
        {"erspan_2", 101,
         frame_in_ip(47, hex({0x10, 0, 0x88, 0xBE, 0, 0, 0, 1, 0x10, 7, 0, 0, 0, 0, 0, 0}))},
        {"erspan_3", 101,
         frame_in_ip(
             47, hex({0x10, 0, 0x22, 0xEB, 0, 0, 0, 1, 0x20, 7, 0, 0}) + std::string(8, '\0'))},
        {"etherip", 101, frame_in_ip(97, hex({0x30, 0}))},
        {"mpls_in_ip", 101, in_ip(137, last_label)},
        {"vxlan", 101, frame_in_udp(4789, hex({8, 0, 0, 0, 0, 0, 1, 0}))},
        {"vxlan_of_linux", 101, frame_in_udp(8472, hex({8, 0, 0, 0, 0, 0, 1, 0}))},
        {"vxlan_gpe", 101, in_udp(4790, hex({0x0C, 0, 0, 1, 0, 0, 1, 0}))},
        {"geneve", 101, frame_in_udp(6081, hex({0, 0, 0x65, 0x58, 0, 0, 1, 0}))},
        {"geneve_with_options", 101,
         in_udp(6081, hex({2, 0, 8, 0, 0, 0, 1, 0}) + hex({1, 2, 3, 1, 0, 0, 0, 0}))},
        {"gtp", 101, one([](text datagram) {
             return udp(
                 2152,
                 number_writer().u16(0x30FF).u16(datagram.size()).u32(1).text(datagram).done());
         })},
        {"gtp_with_extension", 101, one([](text datagram) {
             return udp(2152, number_writer()
                                  .u16(0x34FF)
                                  .u16(8 + datagram.size())
                                  .u32(1)
                                  .u32(0x85)
                                  .u8(1)
                                  .u16(0x1000)
                                  .u8(0)
                                  .text(datagram)
                                  .done());
         })},
        {"teredo", 101, in_udp(3544, ""), true},
        {"teredo_with_authentication_and_origin", 101,
         in_udp(3544,
                hex({0, 1, 0, 0}) + std::string(9, '\0') + hex({0, 0}) + std::string(6, '\1')),
         true},
        {"l2tp", 101, in_udp(1701, hex({0, 2, 0, 1, 0, 1, 0xFF, 3, 0, 0x21}))},
        {"l2tp_with_every_field", 101, one([](text datagram) {
             return udp(1701, number_writer()
                                  .u16(0x4A02)
                                  .u16(20 + datagram.size())
                                  .u16(1)
                                  .u16(1)
                                  .u32(0)
                                  .u16(2)
                                  .u16(0)
                                  .u16(0xFF03)
                                  .u16(0x21)
                                  .text(datagram)
                                  .done());
         })},
        {"lisp", 101, in_udp(4341, hex({0x80, 0, 0, 1, 0, 0, 0, 1}))},
        {"mpls_in_udp", 101, in_udp(6635, last_label)},
        {"fragments", 101, [](text datagram) { return fragments(datagram, 8, 1); }},
        {"fragments_of_ipv6", 101, [](text datagram) { return fragments_ipv6(datagram, 8, 1); },
         true},
        {"fragments_of_a_tunnel", 101,
         [=](text datagram) {
             return fragments(udp(4789, hex({8, 0, 0, 0, 0, 0, 1, 0}) + typed(datagram)), 24, 1);
         }},
        {"fragments_backwards", 101,
         [](text datagram) {
             const auto parts = fragments(datagram, 16, 1);
             return std::vector<std::string>(parts.rbegin(), parts.rend());
         }},
    };
}

inline std::vector<capture_form> capture_forms() {
    auto all = link_forms();
    for (auto& form : tunnel_forms()) all.push_back(std::move(form));
    return all;
}

}  // namespace framewire::tests
