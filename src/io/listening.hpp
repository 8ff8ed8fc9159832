#pragma once

#include "descriptor.hpp"
#include "framewire/core/result.hpp"
#include "framewire/io/address.hpp"
#include "socket_file.hpp"
#include "sockets.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace framewire {

enum class port_sharing : std::uint8_t {
    none,   ///< the only socket on its port
    begin,  ///< others will join it; fails if another server already has the port
    join,
};

/// A socket that listens and does not block. The file of a local one is removed with it.
struct listening_socket {
    owned_descriptor descriptor;
    socket_file file{};
};

/// One for each address of `where` that this machine has, at least one; all have the same port.
[[nodiscard]] result<std::vector<listening_socket>> open_listeners(const address& where,
                                                                   port_sharing sharing);
/// Only the first of those.
[[nodiscard]] result<listening_socket> open_listener(const address& where, port_sharing sharing);
/// As many connections wait in a listening socket's queue at most.
inline constexpr int backlog_max = 4096;

/// The next connection of a listening socket, not blocking. If there is none its descriptor is not
/// open, and `errno` is set. The address comes with it: a peer that has reset has none any more.
[[nodiscard]] connected_socket accept_connection(int listener) noexcept;

/// What to do after `accept_connection` failed with `error`.
enum class accept_advice : std::uint8_t {
    retry,  ///< that connection is lost; another may be waiting
    wait,   ///< no connection is waiting
    pause,  ///< out of descriptors or memory: retry after `accept_pause`
};
[[nodiscard]] accept_advice after_failed_accept(int error) noexcept;
inline constexpr std::chrono::milliseconds accept_pause{50};

}  // namespace framewire
