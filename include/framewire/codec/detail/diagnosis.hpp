#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/error.hpp"

#include <cstdint>
#include <string_view>

namespace framewire {

// What a peer is probably speaking when it is not our framing. A wrong guess sends people looking
// in the wrong place, so where there is doubt nothing is said. Each answers part of a sentence,
// valid for ever, or nothing.

/// What was taken for a header and is none.
struct misread {
    /// The first bytes of what should have been a frame.
    bytes beginning;
    errc code{};
    /// Lengths above this are not believed.
    std::uint64_t length_max = 0;
    /// Whole frames, one behind the other, stand a little further on.
    bool frames_follow = false;
};

/// Protocols that begin in a way of their own: `looks like an HTTP request`.
[[nodiscard]] std::string_view looks_like_protocol(bytes beginning) noexcept;

/// A length in binary, where digits or text were expected.
[[nodiscard]] bool looks_like_binary_length(bytes beginning) noexcept;

/// A length in digits, where something else was expected.
[[nodiscard]] bool looks_like_decimal_length(bytes beginning) noexcept;

[[nodiscard]] std::string_view looks_like_text(bytes beginning) noexcept;

/// For framings that expect decimal digits.
[[nodiscard]] std::string_view recognise_instead_of_digits(const misread& what) noexcept;

inline constexpr std::string_view in_the_middle = "looks like the middle of a message";

}  // namespace framewire
