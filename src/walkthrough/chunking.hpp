#pragma once

#include "framewire/transcript/transcript.hpp"

#include <cstdint>
#include <vector>

namespace framewire {

/// How a stream is cut into chunks: all of one size, of given sizes, or before given bytes.
struct chunking {
    std::uint64_t chunk = 0;  ///< zero: all at once
    std::vector<std::uint64_t> chunks{};
    std::vector<std::uint64_t> splits{};

    /// The ends of the chunks of a stream of that size, in order. The last is the stream's end.
    [[nodiscard]] std::vector<std::uint64_t> ends(std::uint64_t size) const;
};

/// The lines of a conversation, with the data from the peer cut further as `cuts` says.
[[nodiscard]] std::vector<transcript_line> cut(const std::vector<transcript_line>& lines,
                                               const chunking& cuts);

}  // namespace framewire
