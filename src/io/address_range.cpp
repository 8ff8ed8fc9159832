#include "framewire/io/address_range.hpp"

#include "framewire/core/units.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <span>

namespace framewire {
namespace {

constexpr std::string_view local_word = "unix";
constexpr unsigned ipv4_bits = 32;
constexpr unsigned ipv6_bits = 128;

struct parsed_host {
    endpoint::family kind;
    std::array<std::uint8_t, 16> bytes;
};

unsigned bits_of(endpoint::family kind) noexcept {
    return kind == endpoint::family::ipv4 ? ipv4_bits : ipv6_bits;
}

std::optional<parsed_host> parse_host(std::string_view text) noexcept {
    std::array<char, INET6_ADDRSTRLEN> host{};
    if (text.size() >= host.size()) return std::nullopt;
    text.copy(host.data(), text.size());
    parsed_host found{endpoint::family::ipv4, {}};
    if (::inet_pton(AF_INET, host.data(), found.bytes.data()) == 1) return found;
    found.kind = endpoint::family::ipv6;
    if (::inet_pton(AF_INET6, host.data(), found.bytes.data()) == 1) return found;
    return std::nullopt;
}

// RFC 4291, section 2.5.5.2.
constexpr unsigned mapped_bits = 96;
bool is_mapped(const parsed_host& host) noexcept {
    constexpr std::array<std::uint8_t, 12> prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    return host.kind == endpoint::family::ipv6 &&
           std::ranges::equal(prefix, std::span(host.bytes).first<12>());
}

parsed_host unmapped(const parsed_host& host) noexcept {
    parsed_host found{endpoint::family::ipv4, {}};
    std::copy_n(host.bytes.begin() + 12, 4, found.bytes.begin());
    return found;
}

// The byte without the bits that come after the first `bits` of the whole address.
std::uint8_t masked(std::uint8_t byte, std::size_t index, unsigned bits) noexcept {
    const auto before = static_cast<unsigned>(index) * 8;
    if (bits >= before + 8) return byte;
    if (bits <= before) return 0;
    return static_cast<std::uint8_t>(byte & (0xFF00U >> (bits - before)));
}

std::array<std::uint8_t, 16> masked(std::array<std::uint8_t, 16> address, unsigned bits) noexcept {
    for (std::size_t i = 0; i < address.size(); ++i)
        address.at(i) = masked(address.at(i), i, bits);
    return address;
}

std::string host_text(endpoint::family kind, const std::array<std::uint8_t, 16>& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(kind == endpoint::family::ipv4 ? AF_INET : AF_INET6, address.data(), text.data(),
                text.size());
    return text.data();
}

}  // namespace

result<address_range> address_range::parse(std::string_view text) {
    const auto refuse = [&](std::string_view why, std::string hint) {
        return tl::unexpected(
            failure{fmt::format("address range '{}': {}", text, why), std::move(hint)});
    };
    address_range made;
    if (text == local_word) return made;
    const auto slash = text.find('/');
    auto host = parse_host(text.substr(0, slash));
    if (!host) {
        return refuse("not a numeric address", "10.0.0.0/8, 2001:db8::/32, one address, or unix");
    }
    auto bits = bits_of(host->kind);
    if (slash != std::string_view::npos) {
        const auto given = parse_number(text.substr(slash + 1));
        if (!given || *given > bits) {
            return refuse("the prefix is no number of bits", fmt::format("0 to {}", bits));
        }
        bits = static_cast<unsigned>(*given);
    }
    if (is_mapped(*host) && bits >= mapped_bits) {
        *host = unmapped(*host);
        bits -= mapped_bits;
    }
    made.kind_ = host->kind;
    made.bits_ = static_cast<std::uint8_t>(bits);
    made.address_ = masked(host->bytes, bits);
    if (made.address_ != host->bytes) {
        return refuse(fmt::format("bits are set after the first {}", bits),
                      fmt::format("{}, or one address without /{}", made.text(), bits));
    }
    return made;
}

bool address_range::contains(const endpoint& at) const noexcept {
    if (at.kind == endpoint::family::local || kind_ == endpoint::family::local) {
        return at.kind == kind_;
    }
    auto host = parse_host(at.host);
    if (!host) return false;
    if (is_mapped(*host)) *host = unmapped(*host);
    return host->kind == kind_ && masked(host->bytes, bits_) == address_;
}

std::string address_range::text() const {
    if (kind_ == endpoint::family::local) return std::string(local_word);
    auto text = host_text(kind_, address_);
    if (bits_ != bits_of(kind_)) text += fmt::format("/{}", bits_);
    return text;
}

bool contains(const std::vector<address_range>& all, const endpoint& at) noexcept {
    return std::ranges::any_of(all, [&](const address_range& one) { return one.contains(at); });
}

}  // namespace framewire
