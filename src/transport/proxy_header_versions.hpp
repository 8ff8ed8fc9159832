#pragma once

#include "core/numeric_host.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"
#include "proxy_header.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

/// A line: `PROXY TCP4 192.0.2.7 192.0.2.1 51000 7000` (section 2.1).
namespace proxy_v1 {

inline constexpr std::string_view signature = "PROXY ";

[[nodiscard]] wire_result<proxy_header> parse(bytes header);
[[nodiscard]] std::string text(const proxy_header& of);

}  // namespace proxy_v1

/// Twelve bytes of signature, one each for version and command, and for family and protocol, two
/// for the length of the rest: addresses, then values with a type and a length (section 2.2).
namespace proxy_v2 {

inline constexpr std::string_view signature{"\r\n\r\n\0\r\nQUIT\n", 12};
inline constexpr std::size_t command_at = 12;
inline constexpr std::size_t family_at = 13;
inline constexpr std::size_t length_at = 14;
inline constexpr std::size_t fixed_size = 16;

/// Two bytes, the first the most significant. Requires: they are there.
[[nodiscard]] std::uint16_t number_at(bytes from, std::size_t at) noexcept;
[[nodiscard]] wire_result<proxy_header> parse(bytes header);
[[nodiscard]] std::string text(const proxy_header& of);

}  // namespace proxy_v2

/// The numbers of both ends, of the same family.
struct proxy_hosts {
    numeric_host source;
    numeric_host destination;
};
/// Requires: both ends are known, and neither is a local socket.
[[nodiscard]] proxy_hosts hosts_of(const proxy_header& header) noexcept;

/// `proxy.syntax` at that byte of the header.
[[nodiscard]] tl::unexpected<wire_error> malformed(std::size_t at, std::string words);

}  // namespace framewire
