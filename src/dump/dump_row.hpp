#pragma once

#include "text_lines.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// A line of a dump: an offset, units such as pairs of digits, and usually the bytes as text.
struct dump_row {
    text_line line{};
    /// Its digits; empty if the form has no offsets.
    std::string_view offset{};
    /// The offset is followed by a colon.
    bool colon = false;
    /// Where the units may begin.
    std::size_t begin = 0;
    /// `*`: the line before it is repeated up to the next offset.
    bool repeats = false;
};

/// A row that begins at `position`: at least four digits or `0x` and digits, then a colon, white
/// space or the end of the line.
[[nodiscard]] std::optional<dump_row> find_row(const text_line& line, std::size_t position);

/// The digits as a number; nothing if they are none of that base, or it is too large.
[[nodiscard]] std::optional<std::uint64_t> parse_digits(std::string_view digits, int base);

/// How the units of a dump are written.
struct notation {
    enum class kind : std::uint8_t {
        groups,     ///< an even number of hexadecimal digits
        hex,        ///< two hexadecimal digits for each byte of a unit
        octal,      ///< 3, 6, 11 or 22 octal digits
        decimal,    ///< a decimal number, perhaps with a sign
        padded,     ///< five decimal digits, of two bytes
        binary,     ///< eight binary digits
        character,  ///< four columns: a character, an escape such as `\n`, or three octal digits
    };
    kind what = kind::groups;
    /// The bytes of a unit; of `groups`, of each but the last, if `little`.
    std::size_t unit = 1;
    /// The lowest byte of a unit is its first.
    bool little = false;
};

/// What a row says, and whether the text beside the units confirms it.
struct row_bytes {
    std::string data{};
    bool has_text = false;
};

/// The bytes of a row. Where a text could be units as well, `size` bytes are preferred, and then
/// what the text confirms. Fails if the units are none, or the text is that of other bytes.
[[nodiscard]] result<row_bytes> read_row(const dump_row& row, const notation& how,
                                         std::optional<std::uint64_t> size);

}  // namespace framewire
