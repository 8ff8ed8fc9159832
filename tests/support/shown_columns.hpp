#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace framewire::tests {

/// Columns that a character takes, as far as our tests use any: of three bytes those of East Asia
/// take two, of four all.
inline std::size_t width_of(std::string_view character) {
    const auto lead = static_cast<std::uint8_t>(character.front());
    return lead >= 0xF0 || (lead >= 0xE3 && lead <= 0xED) ? 2 : 1;
}

/// The first UTF-8 character.
inline std::string_view first_character(std::string_view text) {
    std::size_t size = 1;
    while (size < text.size() && (static_cast<std::uint8_t>(text[size]) & 0xC0) == 0x80) ++size;
    return text.substr(0, size);
}

inline std::size_t columns_of(std::string_view line) {
    std::size_t columns = 0;
    while (!line.empty()) {
        const auto one = first_character(line);
        columns += width_of(one);
        line.remove_prefix(one.size());
    }
    return columns;
}

/// The character that ends in that column, counted from 1.
inline std::string_view shown_at(std::string_view line, std::size_t column) {
    std::size_t columns = 0;
    while (!line.empty()) {
        const auto one = first_character(line);
        columns += width_of(one);
        if (columns >= column) return one;
        line.remove_prefix(one.size());
    }
    return {};
}

/// The text without colour sequences.
inline std::string without_colour(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        const auto at = text.find("\x1b[");
        plain += text.substr(0, at);
        if (at == std::string_view::npos) break;
        text.remove_prefix(text.find('m', at) + 1);
    }
    return plain;
}

}  // namespace framewire::tests
