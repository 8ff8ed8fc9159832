#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// What one end sent, as far as it is known.
struct seen_side {
    struct segment {
        bytes data;
        bool after_gap = false;  ///< bytes before it are missing
    };
    /// In order, as they were sent or read: programs like to send whole frames.
    std::vector<segment> segments{};
    bool is_midway = false;  ///< what is known begins somewhere in the stream
    bool is_cut = false;     ///< more was sent after it
};

struct seen_conversation {
    seen_side client{};
    seen_side server{};
    /// The server's port, if known.
    std::optional<std::uint16_t> port{};
};

/// What a framing makes of one end's bytes.
struct side_fit {
    std::uint64_t frames = 0;
    std::uint64_t payload_bytes = 0;
    std::uint64_t passed_over =
        0;                         ///< bytes before the first frame of a stream that begins midway
    std::uint64_t incomplete = 0;  ///< bytes of a frame that does not end
    std::uint64_t undecoded = 0;   ///< bytes after a failure
    /// Its offset counts from the first byte that is known, gaps being of no size.
    std::optional<wire_error> failure{};
};

struct framing_fit {
    /// What a person would call it: the name of a preset, or the spec.
    std::string name{};
    std::string spec{};
    /// The presets that are this framing, the likely ones first.
    std::vector<std::string_view> presets{};
    /// Others that find the same frames: a preset's name, or a spec.
    std::vector<std::string> same_frames{};
    side_fit client{};
    side_fit server{};
    /// How much speaks for it: the logarithm, to base 2, of the odds that it is no coincidence.
    double bits = 0;
    /// Why it is likely: one sentence without a full stop.
    std::string reason{};
};

/// The framings that these bytes may be in, the likely ones first: of framings and presets, those
/// that find at least one frame and for which something speaks. Framings that cut anything into
/// frames, as `raw` and `fixed` do, are never among them. Reads at most `bytes_max` of each end.
[[nodiscard]] std::vector<framing_fit> guess_framings(const seen_conversation& seen,
                                                      std::size_t bytes_max = 1 << 20);

}  // namespace framewire
