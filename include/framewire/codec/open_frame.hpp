#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace framewire {

/// A frame that is written in pieces: what its header announced, and what was written so far.
struct open_frame {
    std::uint64_t announced = unknown_length;
    std::uint64_t bytes_written = 0;
    utf8_counter characters{};
    std::size_t matched = 0;  // bytes of a boundary at its end

    // What a `transforming_codec` keeps between two pieces, zero at first.
    std::uint64_t place = 0;
    std::uint64_t count = 0;
    // For what needs more than that; null for all others. Copies of the frame share it.
    std::shared_ptr<void> scanner{};
};

}  // namespace framewire
