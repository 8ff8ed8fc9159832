#pragma once

#include "cli/json.hpp"
#include "framewire/transcript/transcript.hpp"
#include "walkthrough/chunking.hpp"

#include <cstddef>

namespace framewire {

// As many bytes as a page can show in readable cells, and play in a few minutes.
inline constexpr std::size_t walk_bytes_max = 4096;
inline constexpr std::size_t walk_steps_max = 2000;

/// A walkthrough as data: a real session takes part in the conversation, cut further as `cuts`
/// says, and each step has its changes in numbers and in words. Beyond the bounds above it ends
/// early; then `cut` is true, and `size` and `chunks` give the full amounts. Announced lengths are
/// text, as JavaScript has no 64-bit integers.
[[nodiscard]] json_value walk_json(const transcript& conversation, const chunking& cuts);

}  // namespace framewire
