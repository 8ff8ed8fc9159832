#include "sides.hpp"

#include <fmt/format.h>
#include <cstdint>

namespace framewire {

void server_side::show(const peer& client, const peer& server, const occurrence& what) {
    auto who = server;
    who.id = client.id;
    if (by_.events != nullptr) by_.events->on(who, what);
    if (by_.recordings != nullptr) by_.recordings->on_server(who, what);
    if (by_.recent != nullptr) by_.recent->on_server(client, what);
    if (by_.transcripts == nullptr) return;
    // In JSON both sides have the same number. Here, each has a transcript.
    constexpr auto mark = std::uint64_t{1} << 63U;
    who.id |= mark;
    if (!std::holds_alternative<occurred::opened>(what)) return by_.transcripts->on(who, what);
    by_.transcripts->open(who, framing_,
                          fmt::format("the server's side of {}", client.remote.text()));
}

}  // namespace framewire
