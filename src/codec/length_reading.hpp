#pragma once

#include "framewire/codec/frame_layout.hpp"

#include <cstdint>
#include <optional>

namespace framewire {

/// A header as it would be read with a layout that nobody asked for, to find the one that fits.
struct length_reading {
    std::size_t header_bytes = 0;
    std::uint64_t value = 0;         ///< of the length's field
    std::uint64_t payload_left = 0;  ///< what follows the header and belongs to the payload
};

/// Nothing if the header is incomplete or wrong, or has fields.
[[nodiscard]] std::optional<length_reading> read_length(const length_layout& layout, bytes input);

/// A stream of which the first bytes are known, and its size.
struct known_stream {
    bytes beginning;
    std::uint64_t size = 0;
};

/// True if the stream consists of frames of this layout, none of them empty, each followed by
/// `after`, and the last one ends with it.
[[nodiscard]] bool ends_with_a_frame(const length_layout& layout, known_stream stream,
                                     bytes after = {});

}  // namespace framewire
