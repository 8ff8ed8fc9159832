#include "proxy_header_versions.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <optional>

namespace framewire::proxy_v2 {
namespace {

enum class command : std::uint8_t { local = 0x20, proxy = 0x21 };
constexpr std::uint8_t tcp4 = 0x11;
constexpr std::uint8_t tcp6 = 0x21;
constexpr std::uint8_t local_stream = 0x31;
constexpr std::uint8_t unknown = 0x00;
constexpr std::size_t path_size = 108;
// An additional value: one byte of type, two of length.
constexpr std::size_t value_header_size = 3;
constexpr std::uint8_t checksum_type = 0x03;
constexpr std::size_t checksum_size = 4;

std::uint8_t byte_at(bytes from, std::size_t at) noexcept {
    return static_cast<std::uint8_t>(from[at]);
}

std::size_t host_size(std::uint8_t family) noexcept {
    return family == tcp4 ? numeric_host::ipv4_size : numeric_host::ipv6_size;
}

// Two hosts and two ports, or two paths.
std::size_t addresses_size(std::uint8_t family) noexcept {
    if (family == unknown) return 0;
    if (family == local_stream) return 2 * path_size;
    return 2 * (host_size(family) + sizeof(std::uint16_t));
}

endpoint ip_endpoint(std::uint8_t family, bytes host, std::uint16_t port) {
    numeric_host found;
    if (family == tcp6) found.kind = endpoint::family::ipv6;
    std::ranges::copy(host, found.address.begin());
    found = found.unmapped();
    return {found.text(), port, found.kind};
}

endpoint local_endpoint(bytes path) {
    const bool is_abstract = path.size() > 1 && path[0] == '\0' && path[1] != '\0';
    const auto name = is_abstract ? path.substr(1) : path;
    const auto text = name.substr(0, name.find('\0'));
    return {(is_abstract ? "@" : "") + std::string(text), 0, endpoint::family::local};
}

proxy_header addresses(std::uint8_t family, bytes from) {
    if (family == local_stream) {
        return {local_endpoint(from.substr(0, path_size)),
                local_endpoint(from.substr(path_size, path_size))};
    }
    const auto size = host_size(family);
    return {ip_endpoint(family, from.substr(0, size), number_at(from, 2 * size)),
            ip_endpoint(family, from.substr(size, size), number_at(from, 2 * size + 2))};
}

// CRC-32C (RFC 9260, appendix A), of the header with zeros in place of `hole`.
std::uint32_t checksum(bytes header, std::size_t hole) noexcept {
    constexpr std::uint32_t polynomial = 0x82F63B78;
    std::uint32_t sum = ~0U;
    for (std::size_t i = 0; i < header.size(); ++i) {
        if (i < hole || i >= hole + checksum_size) sum ^= byte_at(header, i);
        for (int bit = 0; bit < 8; ++bit)
            sum = (sum & 1U) != 0 ? sum >> 1U ^ polynomial : sum >> 1U;
    }
    return ~sum;
}

std::uint32_t long_number_at(bytes from, std::size_t at) noexcept {
    return std::uint32_t{number_at(from, at)} << 16U | number_at(from, at + 2);
}

// They fill the rest of the header exactly.
wire_result<void> check_values(bytes header, std::size_t at) {
    while (at < header.size()) {
        const auto left = header.size() - at;
        if (left < value_header_size) {
            return malformed(at, fmt::format("{} bytes are left after the last value", left));
        }
        const std::size_t size = number_at(header, at + 1);
        if (size > left - value_header_size) {
            return malformed(at + 1,
                             fmt::format("a value of {} bytes in the last {} of the header", size,
                                         left - value_header_size));
        }
        const auto value_at = at + value_header_size;
        if (byte_at(header, at) == checksum_type) {
            if (size != checksum_size)
                return malformed(at + 1, fmt::format("a checksum of {} bytes", size));
            if (long_number_at(header, value_at) != checksum(header, value_at)) {
                return malformed(value_at, "the checksum is wrong");
            }
        }
        at = value_at + size;
    }
    return {};
}

void append_number(std::uint16_t number, std::string& out) {
    out.push_back(static_cast<char>(number >> 8U));
    out.push_back(static_cast<char>(number & 0xFFU));
}

void append_host(const numeric_host& host, std::string& out) {
    const auto size =
        host.kind == endpoint::family::ipv4 ? numeric_host::ipv4_size : numeric_host::ipv6_size;
    for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<char>(host.address.at(i)));
}

}  // namespace

std::uint16_t number_at(bytes from, std::size_t at) noexcept {
    return static_cast<std::uint16_t>(byte_at(from, at) << 8U | byte_at(from, at + 1));
}

wire_result<proxy_header> parse(bytes header) {
    const auto what = byte_at(header, command_at);
    // The rest of such a header has no meaning (section 2.2).
    if (what == static_cast<std::uint8_t>(command::local)) return proxy_header();
    if (what != static_cast<std::uint8_t>(command::proxy)) {
        return malformed(command_at, fmt::format("0x{:02x} is no version and command", what));
    }
    const auto family = byte_at(header, family_at);
    if (family != tcp4 && family != tcp6 && family != local_stream && family != unknown) {
        return malformed(family_at, fmt::format("0x{:02x} is no family of streams", family));
    }
    const auto rest = header.substr(fixed_size);
    const auto size = addresses_size(family);
    if (rest.size() < size) {
        return malformed(length_at,
                         fmt::format("{} bytes are too few for the addresses", rest.size()));
    }
    if (family == unknown) return proxy_header();
    if (auto checked = check_values(header, fixed_size + size); !checked) {
        return tl::unexpected(std::move(checked.error()));
    }
    return addresses(family, rest);
}

std::string text(const proxy_header& of) {
    std::string out(signature);
    out.push_back(static_cast<char>(command::proxy));
    if (!of.source || !of.destination) {
        out.push_back(static_cast<char>(unknown));
        append_number(0, out);
        return out;
    }
    const auto hosts = hosts_of(of);
    const auto family = hosts.source.kind == endpoint::family::ipv4 ? tcp4 : tcp6;
    out.push_back(static_cast<char>(family));
    append_number(static_cast<std::uint16_t>(addresses_size(family)), out);
    append_host(hosts.source, out);
    append_host(hosts.destination, out);
    append_number(of.source->port, out);
    append_number(of.destination->port, out);
    return out;
}

}  // namespace framewire::proxy_v2
