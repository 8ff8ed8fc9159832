#pragma once

#include "framewire/core/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// A line of a text that a person has pasted, without its end and without blanks there.
struct text_line {
    std::string_view text;
    /// From 1.
    std::size_t number = 0;

    /// `line 2, column 5: expected EXPECTED, found "..."`
    [[nodiscard]] tl::unexpected<failure> refuse(std::size_t position, std::string_view expected,
                                                 std::string hint = {}) const;
    /// `line 2, column 5: WORDS`
    [[nodiscard]] tl::unexpected<failure> object(std::size_t position, std::string_view words,
                                                 std::string hint = {}) const;
    /// Where its first byte that is no blank stands.
    [[nodiscard]] std::size_t begin() const noexcept;
};

inline constexpr std::string_view blanks = " \t";

[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

/// Where the run of hexadecimal digits ends that begins at `position`.
[[nodiscard]] std::size_t hex_end(std::string_view text, std::size_t position) noexcept;

/// Appends the bytes that an even number of hexadecimal digits stands for. Requires: they are
/// some.
void append_pairs(std::string_view digits, std::string& out);

/// The lines that are neither empty nor comments, which begin with `#`.
[[nodiscard]] std::vector<text_line> content_lines(const std::vector<text_line>& lines);

[[nodiscard]] std::vector<text_line> split_lines(std::string_view text);

}  // namespace framewire
