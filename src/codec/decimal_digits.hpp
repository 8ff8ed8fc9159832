#pragma once

#include <cstdint>

namespace framewire {

inline bool is_digit(char byte) noexcept { return byte >= '0' && byte <= '9'; }

/// Distinguishes a malformed length from something that is no length at all. Malformed lengths
/// begin with signs, white space and digits of other scripts; HTTP, SSH, TLS and SMB begin with
/// letters and control bytes. Applied to a header's first byte only, so that the result does not
/// depend on how the stream is split.
inline bool could_begin_a_number(char byte) noexcept {
    const auto value = static_cast<std::uint8_t>(byte);
    const bool letter = (value >= 'A' && value <= 'Z') || (value >= 'a' && value <= 'z');
    const bool white_space = value >= '\t' && value <= '\r';
    const bool control = (value < ' ' && !white_space) || value == 0x7F;
    const bool never_in_utf8 = value >= 0xF8;
    return !letter && !control && !never_in_utf8;
}

}  // namespace framewire
