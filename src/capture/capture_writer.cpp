#include "capture_writer.hpp"

#include "core/numeric_host.hpp"
#include "framewire/core/units.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <optional>
#include <utility>

namespace framewire {
namespace {

// The same port for both would be one end to readers.
constexpr std::uint16_t local_client_port = 49'152;
constexpr std::uint16_t local_server_port = 1;

// IP has 16 bits for the size of a datagram.
constexpr std::size_t segment_bytes_max = 32 * KiB;

enum flag : std::uint8_t { fin = 1, syn = 2, rst = 4, push = 8, ack = 16 };

// What another machine reads: the headers of IP and TCP, most significant byte first.
template <std::unsigned_integral Number>
void append_big(std::string& to, Number number) {
    for (std::size_t left = sizeof number; left > 0; --left) {
        to += static_cast<char>(static_cast<unsigned char>(number >> (8 * (left - 1))));
    }
}

// The blocks of the file, least significant byte first.
template <std::unsigned_integral Number>
void append_little(std::string& to, Number number) {
    for (std::size_t at = 0; at < sizeof number; ++at) {
        to += static_cast<char>(static_cast<unsigned char>(number >> (8 * at)));
    }
}

void put_big(std::string& into, std::size_t at, std::uint16_t number) {
    into[at] = static_cast<char>(static_cast<unsigned char>(number >> 8U));
    into[at + 1] = static_cast<char>(static_cast<unsigned char>(number));
}

// RFC 1071: the complement of the sum of 16-bit numbers in one's complement.
std::uint16_t checksum(std::string_view data, std::uint32_t sum = 0) {
    for (std::size_t at = 0; at < data.size(); ++at) {
        const auto byte = static_cast<unsigned char>(data[at]);
        sum += at % 2 == 0 ? std::uint32_t{byte} << 8U : byte;
        sum = (sum & 0xFFFFU) + (sum >> 16U);
    }
    return static_cast<std::uint16_t>(~sum);
}

std::string block(std::uint32_t type, std::string body) {
    body.resize((body.size() + 3) / 4 * 4);
    const auto size = static_cast<std::uint32_t>(body.size() + 12);
    std::string whole;
    append_little(whole, type);
    append_little(whole, size);
    whole += body;
    append_little(whole, size);
    return whole;
}

std::string option_of(std::uint16_t number, std::string_view value) {
    std::string whole;
    append_little(whole, number);
    append_little(whole, static_cast<std::uint16_t>(value.size()));
    whole += value;
    whole.resize((whole.size() + 3) / 4 * 4);
    return whole;
}

std::string section(std::string_view comment) {
    std::string body;
    append_little(body, std::uint32_t{0x1A2B'3C4D});  // the order of bytes
    append_little(body, std::uint16_t{1});            // version 1.0
    append_little(body, std::uint16_t{0});
    append_little(body, ~std::uint64_t{0});  // its size is not known
    constexpr std::uint16_t comment_option = 1;
    body += option_of(comment_option, comment) + option_of(0, {});
    return block(0x0A0D'0D0A, std::move(body));
}

std::string interface_block() {
    constexpr std::uint16_t raw_ip = 101;
    std::string body;
    append_little(body, raw_ip);
    append_little(body, std::uint16_t{0});
    append_little(body, std::uint32_t{0});  // no limit
    return block(1, std::move(body));
}

// Times are in microseconds.
std::string record(std::string_view data, capture_writer::time at) {
    const auto time = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count());
    const auto size = static_cast<std::uint32_t>(data.size());
    std::string body;
    append_little(body, std::uint32_t{0});  // of the first interface
    append_little(body, static_cast<std::uint32_t>(time >> 32U));
    append_little(body, static_cast<std::uint32_t>(time));
    append_little(body, size);
    append_little(body, size);
    body += data;
    return block(6, std::move(body));
}

std::optional<numeric_host> host_of(const endpoint& one) {
    return one.kind == endpoint::family::local ? std::nullopt : numeric_host::parse(one.host);
}

std::string address_of(const endpoint& one, bool ipv6) {
    const auto host = host_of(one).value_or(*numeric_host::parse("127.0.0.1"));
    const auto all = ipv6 ? host.mapped() : host.unmapped();
    const auto size = ipv6 ? numeric_host::ipv6_size : numeric_host::ipv4_size;
    std::string address;
    for (std::size_t at = 0; at < size; ++at) address += static_cast<char>(all.address[at]);
    return address;
}

bool is_ipv6(const endpoint& one) {
    const auto host = host_of(one);
    return host && host->unmapped().kind == endpoint::family::ipv6;
}

std::uint16_t port_of(const endpoint& one, std::uint16_t local) {
    return host_of(one) ? one.port : local;
}

}  // namespace

capture_writer::capture_writer(const endpoint& client, const endpoint& server)
    : ipv6_(is_ipv6(client) || is_ipv6(server)),
      ends_{{{.address = address_of(client, ipv6_), .port = port_of(client, local_client_port)},
             {.address = address_of(server, ipv6_), .port = port_of(server, local_server_port)}}} {
}

std::string capture_writer::begin(std::string_view comment, time at) {
    auto all = section(comment) + interface_block();
    all += segment(side::client, syn, {}, at);
    all += segment(side::server, syn | ack, {}, at);
    return all + segment(side::client, ack, {}, at);
}

std::string capture_writer::sent(side from, bytes data, time at) {
    std::string all;
    while (!data.empty()) {
        const auto part = data.substr(0, segment_bytes_max);
        data.remove_prefix(part.size());
        all += segment(from, push | ack, part, at);
    }
    return all;
}

std::string capture_writer::ended(side from, time at) {
    end_of(from).has_ended = true;
    return segment(from, fin | ack, {}, at);
}

std::string capture_writer::reset(side from, time at) {
    end_of(from).has_ended = true;
    return segment(from, rst | ack, {}, at);
}

std::string capture_writer::segment(side from, std::uint8_t flags, bytes data, time at) {
    auto& sender = end_of(from);
    const auto& other = end_of(from == side::client ? side::server : side::client);
    const bool begins = (flags & syn) != 0;
    std::string all;
    append_big(all, sender.port);
    append_big(all, other.port);
    append_big(all, sender.sequence);
    append_big(all, (flags & ack) != 0 ? other.sequence : 0U);
    // A scale of 2^14: nobody's window is ever full.
    constexpr std::string_view window_scale("\x03\x03\x0E\x01", 4);
    const std::uint8_t words = begins ? 6 : 5;
    all += static_cast<char>(words << 4U);
    all += static_cast<char>(flags);
    append_big(all, std::uint16_t{0xFFFF});
    append_big(all, std::uint32_t{0});  // the checksum, and no urgent data
    if (begins) all += window_scale;
    all += data;
    sender.sequence += static_cast<std::uint32_t>(data.size());
    if ((flags & (syn | fin)) != 0) ++sender.sequence;
    return record(datagram(sender, other, std::move(all)), at);
}

std::string capture_writer::datagram(const one_end& from, const one_end& to, std::string segment) {
    constexpr std::uint8_t tcp = 6;
    constexpr char hops = 64;
    constexpr std::size_t checksum_at = 16;
    // The checksum is also that of the addresses, the protocol and the size.
    const auto ends = from.address + to.address;
    const auto sum = static_cast<std::uint16_t>(~checksum(ends)) + tcp +
                     static_cast<std::uint32_t>(segment.size());
    put_big(segment, checksum_at, checksum(segment, sum));
    std::string head;
    if (ipv6_) {
        append_big(head, std::uint32_t{6} << 28U);
        append_big(head, static_cast<std::uint16_t>(segment.size()));
        head += static_cast<char>(tcp);
        head += hops;
        return head + ends + segment;
    }
    constexpr std::size_t head_bytes = 20;
    constexpr std::uint16_t not_fragmented = 0x4000;
    append_big(head, std::uint16_t{0x4500});
    append_big(head, static_cast<std::uint16_t>(head_bytes + segment.size()));
    append_big(head, ++datagrams_);
    append_big(head, not_fragmented);
    head += hops;
    head += static_cast<char>(tcp);
    append_big(head, std::uint16_t{0});
    head += ends;
    put_big(head, 10, checksum(head));
    return head + segment;
}

}  // namespace framewire
