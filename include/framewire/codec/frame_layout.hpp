#pragma once

#include "framewire/codec/detail/boundary.hpp"
#include "framewire/core/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

/// What a length counts.
enum class counting : std::uint8_t {
    in_bytes,
    in_characters,  ///< UTF-8 code points, as Python's `len` of a `str` does
};

/// How a length before a payload is written.
enum class notation : std::uint8_t {
    none,        ///< not at all: every payload has `payload_size` bytes
    digits,      ///< as decimal digits that fill `width`
    terminated,  ///< as decimal digits up to `terminator`, at most ten and without leading zeros
    binary,      ///< as an integer of `width` bytes
    varint,      ///< as an unsigned LEB128 number
    fields,      ///< in header fields, one of which is Content-Length
};

/// A length before a payload. Fields that do not apply to its notation keep their defaults.
struct length_layout {
    notation written = notation::none;
    counting unit = counting::in_bytes;
    std::uint64_t payload_size = 0;
    std::size_t width = 0;
    bool padded_right = false;  ///< digits: spaces after them fill the width, else zeros before
    char terminator = '\0';
    bool little_endian = false;
    std::size_t offset = 0;   ///< bytes of the header before the length
    std::string magic{};      ///< what those bytes begin with
    std::int64_t adjust = 0;  ///< added to the length to get the payload's size
    std::size_t trailer_size = 0;
    std::string trailer{};  ///< its required value; empty if any will do
    /// The expected header, as error messages name it; empty if there is no header.
    std::string expectation{};

    /// True if people read the header in hexadecimal rather than as text.
    [[nodiscard]] bool is_binary() const noexcept {
        return written == notation::binary || written == notation::varint;
    }
    /// The size of the header, if it is fixed.
    [[nodiscard]] std::optional<std::uint64_t> header_size() const noexcept {
        const bool varies = written > notation::digits && written != notation::binary;
        return varies ? std::nullopt : std::optional<std::uint64_t>(offset + width);
    }
};

/// The layout of a framing's frames, for programs that explain frames or generate readers of them.
/// With neither a length nor an end, a payload is what one read returns.
struct frame_layout {
    std::optional<length_layout> length{};
    /// The byte that every frame begins with, if payloads have an end.
    std::optional<char> lead{};
    /// What ends a payload if its length is not announced.
    std::optional<boundary> end{};
};

}  // namespace framewire
