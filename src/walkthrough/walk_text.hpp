#pragma once

#include "ruler.hpp"
#include "walk.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace framewire {

// A walkthrough in text is a transcript whose comments explain it. With `colour`, parts of frames
// are coloured in the comments; the words alone say everything.

/// The ruler of a whole stream and what its parts are; of a stream that failed, up to where. Shows
/// the first 256 bytes and says how many it leaves out.
[[nodiscard]] std::string print_anatomy(const framing& frames, bytes stream,
                                        const std::vector<frame_anatomy>& found,
                                        const std::vector<std::uint64_t>& chunk_ends,
                                        const wire_error* failure, bool colour);

/// One step: the state before, the chunk, what it is, the check that decided, the state after.
/// `title` says which chunk it is.
[[nodiscard]] std::string print_step(const walk_step& step, const std::string& title, bool colour);

/// The same without its explanation.
[[nodiscard]] std::string print_transcript(const walk_step& step);

}  // namespace framewire
