#pragma once

#include "cut.hpp"
#include "framewire/codec/frame_layout.hpp"
#include "surprise.hpp"

#include <cstdint>
#include <vector>

namespace framewire {

/// What speaks for a framing in one stream.
struct evidence {
    double bits = 0;
    double fixed_bits = 0;  ///< of them those of bytes that every frame must have
    /// Segments after which no frame is open, and all segments.
    std::uint64_t segments_ended = 0;
    std::uint64_t segments = 0;
    bool ends_with_frame = false;  ///< the last byte is a frame's last
};

/// A stream, and where the segments end in which it was sent: in order, the last one being the
/// stream's end.
struct segmented_stream {
    bytes data;
    std::vector<std::size_t> ends;
    bool is_cut = false;  ///< more was sent after it
};

/// Weighs what is known of the frames. `first` is the layout of the first one, if it has its own.
[[nodiscard]] evidence weigh(const segmented_stream& stream, const stream_cut& cut,
                             const frame_layout& layout, const frame_layout* first,
                             const surprise& expected);

}  // namespace framewire
