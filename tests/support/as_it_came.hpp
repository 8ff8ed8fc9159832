#pragma once

#include "framewire/codec/framing.hpp"

namespace framewire::tests {

/// True if all of a payload is in one place of the stream.
inline bool is_as_it_came(const framing& frames) {
    const auto layout = frames.describe();
    if (layout.own != grammar::none) return false;
    return !layout.length || (layout.length->lead == 0 && layout.length->word == 1 &&
                              !layout.length->fields.is_in_payload && layout.length->more == 0 &&
                              layout.length->last == 0 && !layout.length->joins_full);
}

}  // namespace framewire::tests
