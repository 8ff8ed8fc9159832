#pragma once

#include "framewire/core/result.hpp"
#include "framewire/net/listening_places.hpp"
#include "io/descriptor.hpp"
#include "io/socket_file.hpp"

#include <cstddef>
#include <vector>

namespace framewire {

/// One of a loop's.
struct loop_listener {
    owned_descriptor descriptor;
    bool is_kept = false;  // see `adopted_socket`
};

/// The listening sockets of a server with several loops.
struct loop_listeners {
    /// For each loop, at least one for each place.
    std::vector<std::vector<loop_listener>> of_loop;
    /// One for each place, in their order, those of adopted sockets last.
    std::vector<endpoint> locals;
    std::vector<socket_file> files;
};

/// Listens at all those places. TCP ports are shared by the loops' sockets (`SO_REUSEPORT`); a
/// local or an adopted socket is duplicated. If that many were adopted for one place, as from a
/// server with as many loops, each loop has its own.
[[nodiscard]] result<loop_listeners> listen_at(const listening_places& places, std::size_t loops);

}  // namespace framewire
