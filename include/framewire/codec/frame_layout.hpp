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

/// A length before a payload. What does not apply to its notation is as it is here.
struct length_layout {
    notation written = notation::none;
    counting unit = counting::in_bytes;
    std::uint64_t payload_size = 0;
    std::size_t width = 0;
    bool padded_behind = false;  ///< digits: blanks after them fill the width, else zeros before
    char terminator = '\0';
    bool little_endian = false;
    std::size_t offset = 0;   ///< bytes of the header before the length
    std::string magic{};      ///< what these begin with
    std::int64_t adjust = 0;  ///< length and this make the payload's size
    std::size_t trailer_size = 0;
    std::string trailer{};  ///< what the trailer must be; empty if it may be anything
    /// What the header should be, as error messages call it; empty where there is none.
    std::string expectation{};

    /// Whether people read the header in hexadecimal, and not as text.
    [[nodiscard]] bool is_binary() const noexcept {
        return written == notation::binary || written == notation::varint;
    }
    /// The size of every header, if all have the same.
    [[nodiscard]] std::optional<std::uint64_t> header_size() const noexcept {
        const bool varies = written > notation::digits && written != notation::binary;
        return varies ? std::nullopt : std::optional<std::uint64_t>(offset + width);
    }
};

/// What the frames of a framing consist of, as values: for programs that explain frames, or that
/// have others read them. With neither a length nor an end, a payload is what one read returns.
struct frame_layout {
    std::optional<length_layout> length{};
    /// The byte that every frame begins with, where its end ends it.
    std::optional<char> lead{};
    /// What ends a payload whose length is not announced.
    std::optional<boundary> end{};
};

}  // namespace framewire
