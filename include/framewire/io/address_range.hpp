#pragma once

#include "framewire/core/endpoint.hpp"
#include "framewire/core/result.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// Addresses with the same first bits (CIDR, RFC 4632): `10.0.0.0/8`, `2001:db8::/32`, or one:
/// `192.0.2.7`, `::1`. `unix` is all local sockets. IPv4 addresses that are mapped to IPv6 are
/// IPv4.
class address_range {
public:
    /// Never resolves a name. Fails if bits are set after the prefix, as in `10.0.0.1/8`: one of
    /// the two is a mistake.
    static result<address_range> parse(std::string_view text);

    [[nodiscard]] bool contains(const endpoint& at) const noexcept;
    /// The text that `parse` accepts.
    [[nodiscard]] std::string text() const;

    bool operator==(const address_range&) const = default;

private:
    endpoint::family kind_ = endpoint::family::local;
    std::uint8_t bits_ = 0;                   // of the prefix
    std::array<std::uint8_t, 16> address_{};  // the first 4 bytes for IPv4
};

[[nodiscard]] bool contains(const std::vector<address_range>& all, const endpoint& at) noexcept;

/// Which addresses may connect: those that are in `allowed`, or any if that is empty, except those
/// that are in `denied`.
struct address_rules {
    std::vector<address_range> allowed{};
    std::vector<address_range> denied{};

    [[nodiscard]] bool permit(const endpoint& at) const noexcept {
        return (allowed.empty() || contains(allowed, at)) && !contains(denied, at);
    }
};

}  // namespace framewire
