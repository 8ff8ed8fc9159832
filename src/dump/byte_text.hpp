#pragma once

#include "text_lines.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace framewire {

/// Reads pairs of hexadecimal digits and quoted text, line by line.
class byte_text {
public:
    /// Reads the line from `position`. A name before a quoted text is passed over, with the `=` or
    /// `(` after it. Requires: no earlier call has failed.
    result<void> read(const text_line& line, std::size_t position);
    /// Reads the quoted text that begins at `position`, and what follows it: `...` or, of gdb,
    /// `<repeats 5 times>`. Returns where it ends.
    result<std::size_t> read_literal(const text_line& line, std::size_t position);

    /// The bytes read since the last call.
    [[nodiscard]] std::string take_bytes();
    /// True if `...` follows the last bytes.
    [[nodiscard]] bool cut() const noexcept { return cut_; }
    /// True if a `\0` before a digit was taken for a zero and that digit, as Rust writes it, not
    /// for an octal number.
    [[nodiscard]] bool has_rust_zero() const noexcept { return rust_zero_; }
    /// True if words of several bytes were read in the order shown.
    [[nodiscard]] bool has_words() const noexcept { return words_; }

private:
    using position_or_failure = result<std::size_t>;

    position_or_failure read_one(const text_line& line, std::size_t position);
    position_or_failure read_digits(const text_line& line, std::size_t position);
    position_or_failure read_number(const text_line& line, std::size_t position);
    position_or_failure read_quoted(const text_line& line, std::size_t position, bool python);
    position_or_failure read_escape(const text_line& line, std::size_t position, bool rust);
    position_or_failure read_repeats(const text_line& line, std::size_t position);

    std::string bytes_;
    std::size_t literal_size_ = 0;
    bool any_ = false;
    bool cut_ = false;
    bool one_number_ = false;
    bool wrapped_ = false;
    bool rust_zero_ = false;
    bool words_ = false;
};

}  // namespace framewire
