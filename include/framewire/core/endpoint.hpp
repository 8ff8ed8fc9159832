#pragma once

#include <cstdint>
#include <string>

namespace framewire {

/// One end of a connection, as the system reports it.
struct endpoint {
    enum class family : std::uint8_t { ipv4, ipv6, local };

    /// The numeric address, or the path of a local socket (empty if it has none).
    std::string host;
    std::uint16_t port = 0;
    family kind = family::ipv4;
    std::uint32_t scope_id = 0;

    /// `127.0.0.1:7000`, `[::1]:7000` or `unix:/path`
    [[nodiscard]] std::string text() const;
};

}  // namespace framewire
