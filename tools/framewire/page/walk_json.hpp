#pragma once

#include "cli/json.hpp"
#include "framewire/transcript/transcript.hpp"
#include "walkthrough/chunking.hpp"

#include <cstddef>

namespace framewire {

// What a page can still show in cells that a person can find again, and play in some minutes.
inline constexpr std::size_t walk_bytes_max = 4096;
inline constexpr std::size_t walk_steps_max = 2000;

/// A walkthrough as data: a real session takes part in the conversation, cut as `cuts` says too,
/// and what each step changed is told in numbers and in words. Beyond the bounds above it ends
/// early; `cut` says so, `size` and `chunks` how much there was. Announced lengths are text, as
/// JavaScript has no whole numbers of 64 bits.
[[nodiscard]] json_value walk_json(const transcript& conversation, const chunking& cuts);

}  // namespace framewire
