#pragma once

#include "ruler.hpp"
#include "walk.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace framewire {

// A walkthrough in text is a transcript with comments that explain it. With `colour`, parts of
// frames are coloured in the comments; the words alone are complete.

/// The ruler of `data`, which begins at `offset` of the stream: its first 255 bytes, and the
/// number of bytes left out. Marks the wrong bytes of a failure.
[[nodiscard]] std::string print_ruler(bytes data, std::uint64_t offset,
                                      const std::vector<frame_anatomy>& found,
                                      const std::vector<std::uint64_t>& chunk_ends,
                                      const wire_error* failure, bool colour);

/// The ruler of a whole stream, and the parts of its frames.
[[nodiscard]] std::string print_anatomy(const framing& frames, bytes stream,
                                        const std::vector<frame_anatomy>& found,
                                        const std::vector<std::uint64_t>& chunk_ends,
                                        const wire_error* failure, bool colour);

/// `15 bytes, 0 to 14`.
[[nodiscard]] std::string size_and_range(std::uint64_t offset, std::uint64_t size);

/// One step: the state before, the chunk and its parts, the check that decided, the state after.
/// `title` names the chunk.
[[nodiscard]] std::string print_step(const walk_step& step, const std::string& title, bool colour);

/// The same without its explanation.
[[nodiscard]] std::string print_transcript(const walk_step& step);

}  // namespace framewire
