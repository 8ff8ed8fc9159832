#pragma once

#include "dissector.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// A line of an explanation: its subject (`header`, `payload`, `trailer`, `check`) and its words.
struct finding {
    std::string label;
    std::string words;
};

/// The bytes in double quotes, cut to as many whole characters as fit the columns.
[[nodiscard]] std::string quote_beginning(bytes input, std::size_t columns_max = 40);

/// How a complete header announces its length: `00 00 01 00 = 256, + adjust -4 = 252 bytes`. An
/// incomplete header is shown without explanation.
[[nodiscard]] std::string explain_header(const framing& all, const frame_anatomy& frame);

/// The state of a receiver between two chunks: `in a message of 24 bytes, 5 assembled: "This "`.
[[nodiscard]] std::string describe_state(const framing& all, const dissector& receiver);

/// Explains the bytes of `chunk`, which begins at `offset` of the stream, as parts of this frame,
/// and the check that decided whether the frame is complete.
[[nodiscard]] std::vector<finding> explain_frame(const framing& all, const frame_anatomy& frame,
                                                 bytes chunk, std::uint64_t offset,
                                                 const wire_error* failure);

}  // namespace framewire
