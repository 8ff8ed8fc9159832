#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

namespace framewire {

/// A run of bytes that somebody else owns. Any of the 256 values may occur: no text encoding and
/// no terminator is implied. Every function that hands one out says how long it stays valid.
using bytes = std::string_view;

/// A length that is not known in advance.
inline constexpr std::uint64_t unknown_length = std::numeric_limits<std::uint64_t>::max();

/// A payload, or one part of a payload that is too large to be held whole.
///
/// A payload that comes whole has `first` and `last` both set. Otherwise its pieces come in order,
/// the first one marked `first` and the final one, which may be empty, marked `last`.
struct piece {
    bytes payload{};
    /// The whole payload's length as its framing counts it (bytes, or characters with
    /// `count=chars`); `unknown_length` where the framing does not announce one.
    std::uint64_t announced = unknown_length;
    bool first = true;
    bool last = true;

    [[nodiscard]] bool whole() const noexcept { return first && last; }
    bool operator==(const piece&) const = default;
};

}  // namespace framewire
