#pragma once

#include <string>

namespace framewire {

/// Empties the text and frees its memory, which assigning an empty string would keep.
inline void forget(std::string& text) noexcept {
    if (text.empty() && text.capacity() <= std::string().capacity()) return;
    std::string().swap(text);
}

}  // namespace framewire
