#pragma once

#include "framewire/core/bytes.hpp"

#include <string_view>

namespace framewire {

// What a peer is probably speaking when it is not our framing, from the first bytes of what should
// have been a frame. Each answers part of a sentence, valid for ever, or nothing.

/// Protocols that begin in a way of their own: `looks like an HTTP request`.
[[nodiscard]] std::string_view looks_like_protocol(bytes beginning) noexcept;

/// For framings that expect decimal digits: a length in binary.
[[nodiscard]] std::string_view looks_like_binary_length(bytes beginning) noexcept;

/// For framings that expect a binary length: a length in digits.
[[nodiscard]] std::string_view looks_like_decimal_length(bytes beginning) noexcept;

[[nodiscard]] std::string_view looks_like_text(bytes beginning) noexcept;

/// For frames that stand whole a little further on.
inline constexpr std::string_view in_the_middle = "looks like the middle of a message";

}  // namespace framewire
