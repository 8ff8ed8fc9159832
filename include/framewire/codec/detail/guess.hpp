#pragma once

#include "framewire/codec/framing.hpp"

#include <string>

namespace framewire {

// What is probably wrong where nothing contradicts the framing: a peer that writes another header
// is waited for until it leaves. Each is the end of a sentence, or empty if in doubt, as a wrong
// guess misleads people.

/// Of a frame whose end did not come. `payload` is as much of it as the caller still has.
[[nodiscard]] std::string guess_unfinished(const framing& frames, const decoder& open,
                                           bytes payload);

/// Of a frame that is wrong where a whole one ended: `before` is that frame, `rest` what follows.
[[nodiscard]] std::string guess_after(const framing& frames, bytes before, bytes rest);

}  // namespace framewire
