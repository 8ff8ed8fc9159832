#pragma once

#include "framewire/core/endpoint.hpp"

#include <cstdint>
#include <optional>

namespace framewire {

/// What the end that connects sends first of all, in a PROXY header
/// (https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt).
struct proxy_announcement {
    enum class version : std::uint8_t { v1 = 1, v2 = 2 };

    version as = version::v2;
    /// For whom it connects; if not set, its own address. Local sockets announce nobody.
    std::optional<endpoint> source{};
};

}  // namespace framewire
