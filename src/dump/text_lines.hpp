#pragma once

#include "framewire/core/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// A line of pasted text, without its end and trailing white space.
struct text_line {
    std::string_view text;
    /// From 1.
    std::size_t number = 0;
    /// The spaces at its end, where a byte may be one.
    std::size_t spaces = 0;

    /// `line 2, column 5: expected EXPECTED, found "..."`
    [[nodiscard]] tl::unexpected<failure> refuse(std::size_t position, std::string_view expected,
                                                 std::string hint = {}) const;
    /// `line 2, column 5: WORDS`
    [[nodiscard]] tl::unexpected<failure> object(std::size_t position, std::string_view words,
                                                 std::string hint = {}) const;
    /// For a line `*` without an offset after it.
    [[nodiscard]] tl::unexpected<failure> refuse_repeats() const;
    /// The position of the first byte that is not white space.
    [[nodiscard]] std::size_t begin() const noexcept;
};

inline constexpr std::string_view white_space = " \t";

[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

/// The end of the run of hexadecimal digits that begins at `position`.
[[nodiscard]] std::size_t hex_end(std::string_view text, std::size_t position) noexcept;

/// Appends the bytes that the hexadecimal digits encode. Requires: their number is even.
void append_pairs(std::string_view digits, std::string& out);

/// The lines that are neither empty nor comments (which begin with `#`).
[[nodiscard]] std::vector<text_line> content_lines(const std::vector<text_line>& lines);

[[nodiscard]] std::vector<text_line> split_lines(std::string_view text);

}  // namespace framewire
