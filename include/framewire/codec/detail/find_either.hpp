#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace framewire {

/// The first of these two bytes from `at` on, or `end`.
inline const char* find_either(const char* at, const char* end, char one, char other) noexcept {
    // Written as vectors: of a loop over the bytes, compilers make anything from four times to
    // twenty times as many instructions.
    using vector [[gnu::vector_size(16)]] = signed char;
    using block = std::array<vector, 4>;
    const auto ones = vector{} + static_cast<signed char>(one);
    const auto others = vector{} + static_cast<signed char>(other);
    for (; end - at >= static_cast<std::ptrdiff_t>(sizeof(block)); at += sizeof(block)) {
        block part;
        std::memcpy(&part, at, sizeof part);
        vector found{};
        for (const auto& some : part) found |= (some == ones) | (some == others);
        std::array<std::uint64_t, 2> words{};
        std::memcpy(&words, &found, sizeof words);
        if ((words[0] | words[1]) != 0) break;
    }
    while (at != end && *at != one && *at != other) ++at;
    return at;
}

}  // namespace framewire
