#pragma once

#include "core/stream_side.hpp"
#include "dump.hpp"
#include "dump_row.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace framewire {

/// Rows that belong together: a packet, or what one side sent at once.
struct dump_block {
    stream_side from = stream_side::client;
    std::optional<std::chrono::system_clock::time_point> time{};
    /// How many bytes it has, if the text says so.
    std::optional<std::uint64_t> size{};
    /// Its offsets continue those of the block before it of the same side.
    bool continues = false;
    std::vector<dump_row> rows{};
};

/// The bytes of the blocks, a piece for each that has any. The notation, and the base of the
/// offsets, are those with which every row can be read and every offset is that of its bytes.
/// Adds to `found` pieces and remarks. Fails with the place where the likeliest notation ends.
/// Also where two notations, or two bases, say different bytes.
[[nodiscard]] result<void> read_blocks(const std::vector<dump_block>& blocks,
                                       const dump_options& options, dump& found);

/// True if there is a notation in which the offsets of the rows are those of their bytes.
[[nodiscard]] bool have_offsets(const std::vector<dump_block>& blocks);

}  // namespace framewire
