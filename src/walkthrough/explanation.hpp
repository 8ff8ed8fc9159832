#pragma once

#include "dissector.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// A line of an explanation: what it is about (`header`, `payload`, `trailer`, `check`), and what
/// is to be said of it.
struct finding {
    std::string label;
    std::string words;
};

/// The bytes in double quotes. Of many only as many whole characters as those columns hold.
[[nodiscard]] std::string quote_beginning(bytes part, std::size_t columns_max = 40);

/// How a complete header says its length: `00 00 01 00 = 256, + adjust -4 = 252 bytes`. One that
/// is not complete only as it stands there.
[[nodiscard]] std::string explain_header(const framing& frames, const frame_anatomy& frame);

/// What a receiver knows between two chunks: `in a message of 24 bytes, 5 assembled: "This "`.
[[nodiscard]] std::string describe_state(const framing& frames, const dissector& receiver);

/// What the bytes of `chunk`, which begins at `offset` of the stream, are in this frame, and the
/// check that decided whether it is complete.
[[nodiscard]] std::vector<finding> explain_frame(const framing& frames, const frame_anatomy& frame,
                                                 bytes chunk, std::uint64_t offset,
                                                 const wire_error* failure);

}  // namespace framewire
