#pragma once

#include "guess/guess_framings.hpp"

namespace framewire {

enum class guess_form : std::uint8_t { text, json };

/// Prints the framings that these bytes may be in, the likely ones first: what each makes of them,
/// and why it is likely. With JSON, an event `framing` for each (docs/json.md). False if there are
/// none; then nothing is printed.
[[nodiscard]] bool print_guesses(const seen_conversation& seen, guess_form form);

}  // namespace framewire
