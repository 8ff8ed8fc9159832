#pragma once

#include "framewire/io/inherited_sockets.hpp"
#include "framewire/net/listening_places.hpp"
#include "init/notifier.hpp"
#include "init/successor.hpp"

#include <vector>

namespace framewire {

/// What a server process is given by the one that started it.
struct inheritance {
    /// Requires: no other thread reads the environment.
    static result<inheritance> take();

    predecessor before;
    notifier init;
    std::vector<inherited_socket> sockets;
};

/// Those sockets, or else the addresses.
[[nodiscard]] listening_places places_of(const std::vector<inherited_socket>& sockets,
                                         std::vector<address> addresses);

}  // namespace framewire
