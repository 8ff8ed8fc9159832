#pragma once

#include "dump.hpp"
#include "text_lines.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// A number of a list as it is written, and where.
struct list_number {
    std::string_view word{};
    const text_line* line = nullptr;
    std::size_t position = 0;
    /// It is written so often (gdb: `<repeats 5 times>`).
    std::uint64_t times = 1;
    /// Text between numbers (Erlang) or a character literal, already read.
    std::optional<std::string> text{};
};

/// The bytes of numbers whose base is that of all: `0x` with each, two hexadecimal digits each, or
/// decimal from -128 to 255. Adds a remark where a person could doubt it. Fails at a number that
/// is no byte.
[[nodiscard]] result<std::string> bytes_of_numbers(const std::vector<list_number>& numbers,
                                                   bool is_hex, std::vector<std::string>& remarks);

}  // namespace framewire
