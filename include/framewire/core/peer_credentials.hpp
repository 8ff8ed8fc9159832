#pragma once

#include <cstdint>

namespace framewire {

/// Who is at the other end of a local socket: the program that connected or, for the end that
/// connected, the one that listens; as the kernel recorded it then.
struct peer_credentials {
    std::uint32_t user = 0;
    std::uint32_t group = 0;
    /// Its number, 0 if it is not visible from here. Another program may use the socket by now.
    std::int32_t program = 0;

    bool operator==(const peer_credentials&) const = default;
};

}  // namespace framewire
