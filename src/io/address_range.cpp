#include "framewire/io/address_range.hpp"

#include "core/numeric_host.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace framewire {
namespace {

constexpr std::string_view local_word = "unix";
constexpr unsigned ipv4_bits = 32;
constexpr unsigned ipv6_bits = 128;

unsigned bits_of(endpoint::family kind) noexcept {
    return kind == endpoint::family::ipv4 ? ipv4_bits : ipv6_bits;
}

constexpr unsigned mapped_bits = 96;

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

}  // namespace

result<address_range> address_range::parse(std::string_view text) {
    const auto refuse = [&](std::string_view why, std::string hint) {
        return tl::unexpected(
            failure{fmt::format("address range '{}': {}", text, why), std::move(hint)});
    };
    address_range made;
    if (text == local_word) return made;
    const auto slash = text.find('/');
    auto host = numeric_host::parse(text.substr(0, slash));
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
    if (host->is_mapped() && bits >= mapped_bits) {
        *host = host->unmapped();
        bits -= mapped_bits;
    }
    made.kind_ = host->kind;
    made.bits_ = static_cast<std::uint8_t>(bits);
    made.address_ = masked(host->address, bits);
    if (made.address_ != host->address) {
        return refuse(fmt::format("bits are set after the first {}", bits),
                      fmt::format("{}, or one address without /{}", made.text(), bits));
    }
    return made;
}

bool address_range::contains(const endpoint& at) const noexcept {
    if (at.kind == endpoint::family::local || kind_ == endpoint::family::local) {
        return at.kind == kind_;
    }
    const auto parsed = numeric_host::parse(at.host);
    if (!parsed) return false;
    const auto host = parsed->unmapped();
    return host.kind == kind_ && masked(host.address, bits_) == address_;
}

std::string address_range::text() const {
    if (kind_ == endpoint::family::local) return std::string(local_word);
    auto text = numeric_host{kind_, address_}.text();
    if (bits_ != bits_of(kind_)) text += fmt::format("/{}", bits_);
    return text;
}

bool contains(const std::vector<address_range>& all, const endpoint& at) noexcept {
    return std::ranges::any_of(all, [&](const address_range& one) { return one.contains(at); });
}

}  // namespace framewire
