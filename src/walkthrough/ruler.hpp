#pragma once

#include "dissector.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace framewire {

/// A named run of bytes of a stream: `header`, `payload`, `trailer`, `wrong`, `chunk 2`.
struct stretch {
    std::string name;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    /// Its bytes are shown in hexadecimal, even those that are printable.
    bool in_hex = false;
};

/// The escape sequence for the colour of a part; empty if it has none.
[[nodiscard]] std::string_view part_colour(std::string_view part);

/// The end of the bytes that made a frame fail: after the one that revealed the failure.
[[nodiscard]] std::uint64_t wrong_end(const frame_anatomy& frame, std::uint64_t wrong_at);

/// The parts of the frames, in order. If the last frame failed, its wrong bytes, from `wrong_at`
/// on, are a part of their own.
[[nodiscard]] std::vector<stretch> parts_of(const std::vector<frame_anatomy>& frames,
                                            std::uint64_t wrong_at = unknown_length);

/// Bytes with their positions above them and their parts named below, in rows that fit a terminal
/// of 80 columns:
///
///     position   0  1  2  3
///     byte       0  5  H  i
///               |-head|-pay-
///
/// Printable ASCII is shown as itself, a space as `␣`, everything else and binary headers as two
/// hexadecimal digits; characters of several bytes are shown again in a row of their own. With
/// `colour`, bytes are coloured by their part. Returns whole lines of at most 78 columns.
[[nodiscard]] std::vector<std::string> draw_ruler(bytes stream, std::uint64_t offset,
                                                  const std::vector<stretch>& parts,
                                                  const std::vector<std::uint64_t>& chunk_ends,
                                                  bool colour);

}  // namespace framewire
