#pragma once

#include <cstddef>

namespace framewire {

/// The first of these two bytes from `at` on, or `end`.
inline const char* find_either(const char* at, const char* end, char one, char other) noexcept {
    // Blocks of a size that a compiler compares at once.
    constexpr std::ptrdiff_t block = 16;
    for (; end - at >= block; at += block) {
        unsigned char found = 0;
        for (std::ptrdiff_t i = 0; i < block; ++i) {
            found |= static_cast<unsigned char>(at[i] == one) |
                     static_cast<unsigned char>(at[i] == other);
        }
        if (found != 0) break;
    }
    while (at != end && *at != one && *at != other) ++at;
    return at;
}

}  // namespace framewire
