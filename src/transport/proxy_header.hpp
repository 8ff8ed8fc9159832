#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/endpoint.hpp"
#include "framewire/core/result.hpp"
#include "framewire/transport/proxy_announcement.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace framewire {

/// The two ends of a connection that a proxy has accepted, as a PROXY header announces them
/// (https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt). Nothing if the proxy connects
/// for itself, or does not know.
struct proxy_header {
    std::optional<endpoint> source{};
    std::optional<endpoint> destination{};

    /// Parses a whole header of version 1, with its CR LF, or 2. Fails with `proxy.syntax`.
    /// Additional values (TLVs) must fit in, and a checksum must be right; others are ignored.
    static wire_result<proxy_header> parse(bytes header);

    /// Where only one end is IPv6, the other is mapped to it. Of a local socket, or of two ends
    /// that are not known, the header announces nobody.
    [[nodiscard]] std::string text(proxy_announcement::version as) const;
};

/// `PROXY TCP6 ... ... 65535 65535\r\n` with two addresses of 39 characters, and more for UNKNOWN
/// (section 2.1).
inline constexpr std::size_t proxy_text_bytes_max = 107;
/// Version 2 allows 64 KiB. The addresses are 216 bytes at most; the rest leaves room for a
/// certificate's names, and a proxy that sends more has been made to.
inline constexpr std::size_t proxy_header_bytes_max = 2048;

/// The size of the header that these bytes begin with, or nothing if more are needed to know it.
/// Fails with `proxy.missing` at the first byte that begins no header, and with `proxy.syntax`
/// above the two bounds.
[[nodiscard]] wire_result<std::optional<std::size_t>> proxy_header_size(bytes beginning);

}  // namespace framewire
