#pragma once

#include "framewire/core/endpoint.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// A numeric address, as bytes in their order on the wire. IPv4 addresses that are mapped to IPv6
/// are IPv4 ones (RFC 4291, section 2.5.5.2), unless they are only parsed.
struct numeric_host {
    static constexpr std::size_t ipv4_size = 4;
    static constexpr std::size_t ipv6_size = 16;

    endpoint::family kind = endpoint::family::ipv4;
    std::array<std::uint8_t, ipv6_size> address{};  // the first `ipv4_size` for IPv4

    /// Strict: four decimal numbers, or RFC 4291 without brackets or zone.
    static std::optional<numeric_host> parse(std::string_view text) noexcept;

    [[nodiscard]] bool is_mapped() const noexcept;
    [[nodiscard]] numeric_host unmapped() const noexcept;
    /// As an IPv6 address.
    [[nodiscard]] numeric_host mapped() const noexcept;
    [[nodiscard]] std::string text() const;
};

}  // namespace framewire
