#pragma once

#include "dissector.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace framewire {

/// A run of bytes of a stream that has a name: `header`, `payload`, `trailer`, `wrong`, `chunk 2`.
struct stretch {
    std::string name;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// What switches a terminal to the colour of a part; empty for what has none.
[[nodiscard]] std::string_view part_colour(std::string_view part);

/// Where the bytes end that made a frame fail: behind the one that showed it.
[[nodiscard]] std::uint64_t wrong_end(const frame_anatomy& frame, std::uint64_t wrong_at);

/// The parts of the frames, in order. Where the last one failed, what is wrong from `wrong_at` on
/// is a part of its own.
[[nodiscard]] std::vector<stretch> parts_of(const std::vector<frame_anatomy>& frames,
                                            std::uint64_t wrong_at = unknown_length);

/// Bytes with their positions above them and their parts named below, in rows that fit a terminal
/// of 80 columns:
///
///     position   0  1  2  3
///     byte       0  5  H  i
///               |-head|-pay-
///
/// Printable ASCII stands for itself, a blank as `␣`, everything else as two hexadecimal digits;
/// characters of several bytes are shown once more in a row of their own. With `colour`, bytes are
/// coloured by their part. Whole lines, none longer than 78 columns.
[[nodiscard]] std::vector<std::string> draw_ruler(bytes stream, std::uint64_t offset,
                                                  const std::vector<stretch>& parts,
                                                  const std::vector<std::uint64_t>& chunk_ends,
                                                  bool colour);

}  // namespace framewire
