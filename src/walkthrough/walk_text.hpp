#pragma once

#include "ruler.hpp"
#include "walk.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace framewire {

// A walkthrough in text is a transcript with comments that explain it. With `colour`, parts of
// frames are coloured in the comments; the words alone are complete.

/// What a ruler shows: it fills whole rows, and positions in it have at most three digits.
inline constexpr std::size_t ruler_bytes_max = 255;

/// The ruler of `data`, which begins at `offset` of the stream: its first bytes, and the number of
/// bytes left out. Marks the wrong bytes of a failure.
[[nodiscard]] std::string print_ruler(bytes data, std::uint64_t offset,
                                      const std::vector<frame_anatomy>& found,
                                      const std::vector<std::uint64_t>& chunk_ends,
                                      const wire_error* failure, bool colour);

/// The ruler of a whole stream of `size` bytes, and the parts of its frames. Needs no more than
/// the stream's beginning, and of its frames those that begin in what the ruler shows.
[[nodiscard]] std::string print_anatomy(const framing& frames, bytes beginning, std::uint64_t size,
                                        const std::vector<frame_anatomy>& found,
                                        const std::vector<std::uint64_t>& chunk_ends,
                                        const wire_error* failure, bool colour);

/// `15 bytes, 0 to 14`.
[[nodiscard]] std::string size_and_range(std::uint64_t offset, std::uint64_t size);

/// A line with so many bytes may be printed anew once its frames are known.
inline constexpr std::size_t parted_bytes_max = 4096;

/// `line`, which has a chunk as in a transcript, with the headers of binary framings in
/// hexadecimal, so that no quoted text runs from a header into a payload. What is no header stays
/// text. `found` are the frames of the chunk, which begins at `offset`.
[[nodiscard]] std::string print_parted(const std::string& line, bytes chunk, std::uint64_t offset,
                                       const std::vector<frame_anatomy>& found);

/// One step: the state before, the chunk and its parts, the check that decided, the state after.
/// `title` names the chunk.
[[nodiscard]] std::string print_step(const walk_step& step, const std::string& title, bool colour);

/// The same in parts: what comes before the parts of frames, one of them, what comes after.
[[nodiscard]] std::string print_step_begin(const walk_step& step, const std::string& title,
                                           bool colour);
[[nodiscard]] std::string print_part(const walk_part& part, bool colour);
[[nodiscard]] std::string print_step_end(const std::string& after, bool colour);

/// A step without its explanation.
[[nodiscard]] std::string print_transcript(const walk_step& step);

}  // namespace framewire
