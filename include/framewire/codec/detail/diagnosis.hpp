#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace framewire {

// What a peer probably speaks if it does not speak our framing. A wrong guess misleads people, so
// in doubt nothing is returned. Texts are phrases with static lifetime, or empty.

/// Bytes that were read as a header and are none.
struct misread {
    /// The first bytes of what should have been a frame.
    bytes beginning;
    errc code{};
    /// Lengths above this are implausible.
    std::uint64_t length_max = 0;
    /// Whole frames follow one another a few bytes later.
    bool frames_follow = false;
    /// Where in the stream it is.
    std::uint64_t offset = 0;
};

/// Recognises protocols by their first bytes: `looks like an HTTP request`.
[[nodiscard]] std::string_view looks_like_protocol(bytes beginning) noexcept;

/// True if a header of these bytes is the beginning of another protocol, and no length.
[[nodiscard]] bool begins_protocol(bytes header) noexcept;

/// A binary length where digits or text were expected.
[[nodiscard]] bool looks_like_binary_length(bytes beginning) noexcept;

/// A decimal length where something else was expected.
[[nodiscard]] bool looks_like_decimal_length(bytes beginning) noexcept;

[[nodiscard]] std::string_view looks_like_text(bytes beginning) noexcept;

/// Text in any encoding that extends ASCII: no control characters but white space.
[[nodiscard]] bool reads_as_text(bytes input) noexcept;

/// For framings that expect decimal digits.
[[nodiscard]] std::string_view recognise_instead_of_digits(const misread& what) noexcept;

/// For framings that expect `width` of them, or fewer and then spaces: lengths of another width or
/// with another padding.
[[nodiscard]] std::string_view recognise_other_width(const misread& what, std::size_t width,
                                                     bool padded_right) noexcept;

inline constexpr std::string_view in_the_middle = "looks like the middle of a message";

}  // namespace framewire
