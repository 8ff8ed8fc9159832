#pragma once

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

}  // namespace framewire
