#pragma once

#include "framewire/transcript/transcript.hpp"

#include <cstdint>
#include <vector>

namespace framewire {

/// Into which chunks a stream is cut: all of one size, of given sizes, in front of given bytes.
struct chunking {
    std::uint64_t chunk = 0;  ///< zero: all at once
    std::vector<std::uint64_t> chunks{};
    std::vector<std::uint64_t> splits{};

    /// Where the chunks of so many bytes end, in order. The last is the stream's end.
    [[nodiscard]] std::vector<std::uint64_t> ends(std::uint64_t size) const;
};

/// The lines of a conversation, with what comes from the peer cut further as `cuts` says.
[[nodiscard]] std::vector<transcript_line> cut(const std::vector<transcript_line>& lines,
                                               const chunking& cuts);

}  // namespace framewire
