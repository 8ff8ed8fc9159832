#pragma once

#include "text_lines.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace framewire {

/// Reads pairs of hexadecimal digits and quoted text, line by line.
class byte_text {
public:
    /// Reads the line from `position`. Requires: no earlier call has failed.
    result<void> read(const text_line& line, std::size_t position);

    /// The bytes read since the last call.
    [[nodiscard]] std::string take_bytes();
    /// True if `...` follows the last bytes.
    [[nodiscard]] bool cut() const noexcept { return cut_; }

private:
    using position_or_failure = result<std::size_t>;

    position_or_failure read_one(const text_line& line, std::size_t position);
    position_or_failure read_digits(const text_line& line, std::size_t position);
    position_or_failure read_number(const text_line& line, std::size_t position);
    position_or_failure read_quoted(const text_line& line, std::size_t position, bool python);
    position_or_failure read_escape(const text_line& line, std::size_t position, bool python);

    std::string bytes_;
    bool any_ = false;
    bool cut_ = false;
    bool one_number_ = false;
};

}  // namespace framewire
