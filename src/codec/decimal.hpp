#pragma once

#include <cstdint>

namespace framewire {

inline bool is_digit(char byte) noexcept { return byte >= '0' && byte <= '9'; }

/// Separates a length that is written wrongly from something that is no length at all. Signs,
/// blanks, and bytes of other scripts' digits are how people write lengths wrongly; letters and
/// control bytes are how HTTP, SSH, TLS and SMB begin. Asked of a header's first byte only, so
/// that the answer cannot depend on how the stream is split.
inline bool could_begin_a_number(char byte) noexcept {
    const auto value = static_cast<std::uint8_t>(byte);
    const bool letter = (value >= 'A' && value <= 'Z') || (value >= 'a' && value <= 'z');
    const bool white_space = value >= '\t' && value <= '\r';
    const bool control = (value < ' ' && !white_space) || value == 0x7F;
    const bool never_in_utf8 = value >= 0xF8;
    return !letter && !control && !never_in_utf8;
}

}  // namespace framewire
