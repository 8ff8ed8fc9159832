#pragma once

#include <cstdint>
#include <string_view>

namespace framewire {

/// The two ends of a byte stream: the client opened it.
enum class stream_side : std::uint8_t { client, server };

[[nodiscard]] constexpr std::string_view side_name(stream_side side) noexcept {
    return side == stream_side::client ? "client" : "server";
}

[[nodiscard]] constexpr stream_side opposite(stream_side side) noexcept {
    return side == stream_side::client ? stream_side::server : stream_side::client;
}

}  // namespace framewire
