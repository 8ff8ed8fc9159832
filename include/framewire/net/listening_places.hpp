#pragma once

#include "framewire/io/address.hpp"

#include <vector>

namespace framewire {

/// A listening stream socket that was opened by someone else, such as an init system
/// (`take_inherited_sockets`) or another server (`server::listeners`).
struct adopted_socket {
    int descriptor = -1;
    /// Of a local socket: remove its file with the server.
    bool owns_file = false;
    /// Another process keeps it open, as an init system does. Connections that wait when the
    /// server stops are left in it, for the next one.
    bool is_kept = false;
};

/// Where a server listens; at least one of them.
struct listening_places {
    std::vector<address> addresses;
    /// Closed with the server, also if it cannot be made.
    std::vector<adopted_socket> adopted{};
};

}  // namespace framewire
