#pragma once

#include "cut.hpp"
#include "surprise.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace framewire {

enum class seen_from : std::uint8_t { client, server };

/// What the payloads say about a protocol whose messages look alike, in bits: less than 0 if they
/// are those of another. Nothing if no marks of this preset are known.
[[nodiscard]] std::optional<double> compare_marks(std::string_view preset, seen_from end,
                                                  const stream_cut& cut, bool begins_midway,
                                                  const surprise& expected);

/// True if a server of this protocol usually listens on this port.
[[nodiscard]] bool is_usual_port(std::string_view preset, std::uint16_t port) noexcept;

}  // namespace framewire
