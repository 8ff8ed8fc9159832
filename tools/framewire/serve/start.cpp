#include "start.hpp"

#include <utility>

namespace framewire {

result<inheritance> inheritance::take() {
    auto before = predecessor::take();
    auto init = notifier::take();
    if (!init) return tl::unexpected(init.error());
    auto sockets = take_inherited_sockets();
    if (!sockets) return tl::unexpected(sockets.error());
    return inheritance{std::move(before), *std::move(init), *std::move(sockets)};
}

listening_places places_of(const std::vector<inherited_socket>& sockets,
                           std::vector<address> addresses) {
    if (sockets.empty()) return {std::move(addresses)};
    listening_places given;
    for (const auto& one : sockets) {
        const bool is_ours = one.name == own_socket_name || one.name == own_file_name;
        given.adopted.push_back({.descriptor = one.descriptor,
                                 .owns_file = one.name == own_file_name,
                                 .is_kept = !is_ours});
    }
    return given;
}

}  // namespace framewire
