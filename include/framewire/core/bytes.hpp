#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

namespace framewire {

/// A view of bytes. Any of the 256 values may occur; no text encoding and no terminator is
/// implied. Every function that returns one documents how long it stays valid.
using bytes = std::string_view;

/// A length that is not known in advance.
inline constexpr std::uint64_t unknown_length = std::numeric_limits<std::uint64_t>::max();

/// A payload, or a piece of a payload that is too large to be held whole.
///
/// A whole payload has both `first` and `last` set. Otherwise pieces come in order, the first
/// marked `first` and the final one, which may be empty, marked `last`.
struct piece {
    bytes payload{};
    /// The length of the whole payload as its framing counts it (bytes, or characters with
    /// `count=chars`); `unknown_length` if the framing does not announce one.
    std::uint64_t announced = unknown_length;
    bool first = true;
    bool last = true;
    /// True if the frame has no payload and is a message of its own: its length's field has the
    /// value `field`, which the framing's option `idle` names.
    bool idle = false;
    std::uint32_t field = 0;

    [[nodiscard]] bool whole() const noexcept { return first && last; }
    bool operator==(const piece&) const = default;
};

}  // namespace framewire
