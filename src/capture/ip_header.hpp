#pragma once

#include "layer.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

/// An address and a port, as the headers of IP and TCP have them.
struct segment_end {
    bool ipv6 = false;
    std::array<char, 16> address{};
    std::uint16_t port = 0;

    auto operator<=>(const segment_end&) const = default;
    /// `10.0.0.1:7000` or `[::1]:7000`
    [[nodiscard]] std::string text() const;
};

/// Which part of a datagram a fragment is.
struct fragment_place {
    std::uint32_t identification = 0;
    std::uint32_t offset = 0;
    bool is_last = false;
};

/// A datagram of IP after its headers. Extension headers of IPv6 are passed.
struct datagram {
    segment_end source{};
    segment_end destination{};
    /// The number of what it carries. In a later fragment of IPv6, of what the datagram begins
    /// with.
    std::uint8_t protocol = 0;
    layer rest{};
    std::optional<fragment_place> fragment{};
};

inline constexpr std::uint8_t protocol_tcp = 6;

/// Reads the headers of IPv4 or IPv6, whichever it is.
[[nodiscard]] tl::expected<datagram, no_segment> read_ip(layer input);

/// Passes the extension headers of an IPv6 datagram that was put together.
[[nodiscard]] tl::expected<datagram, no_segment> skip_extensions(datagram found);

}  // namespace framewire
