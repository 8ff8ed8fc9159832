#pragma once

#include <cstdint>
#include <string_view>

namespace framewire {

/// An end of a stream, and what it sent.
enum class stream_side : std::uint8_t { client, server };

[[nodiscard]] constexpr std::string_view side_name(stream_side side) noexcept {
    return side == stream_side::client ? "client" : "server";
}

}  // namespace framewire
