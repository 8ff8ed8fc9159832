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
    /// For whom it connects; if not set, its own address. If that and the address that it connects
    /// to are not of the same family, the header announces nobody.
    std::optional<endpoint> source{};
};

}  // namespace framewire
