#include "framewire/core/quote.hpp"

#include "framewire/core/utf8.hpp"

#include <fmt/format.h>
#include <string_view>

namespace framewire {
namespace {

// C1 controls (U+0080 to U+009F) are two bytes in UTF-8, and terminals act on them.
bool is_c1_control(bytes character) noexcept {
    return character.size() == 2 && character[0] == '\xC2' &&
           static_cast<std::uint8_t>(character[1]) < 0xA0;
}

void append_byte(char byte, char mark, std::string& out) {
    const auto value = static_cast<std::uint8_t>(byte);
    if (mark != 0 && (byte == mark || byte == '\\')) {
        out += '\\';
        out += byte;
    } else if (byte == '\n') {
        out += "\\n";
    } else if (byte == '\r') {
        out += "\\r";
    } else if (byte == '\t') {
        out += "\\t";
    } else if (value < 0x20 || value >= 0x7F) {
        out += fmt::format("\\x{:02x}", value);
    } else {
        out += byte;
    }
}

}  // namespace

void append_escaped(bytes input, char mark, std::string& out) {
    while (!input.empty()) {
        utf8_counter counter;
        const auto taken = counter.advance(input, 1);
        const bool is_character = counter.valid() && !counter.inside_character();
        if (is_character && taken > 1 && !is_c1_control(input.substr(0, taken))) {
            out += input.substr(0, taken);
            input.remove_prefix(taken);
        } else {
            append_byte(input.front(), mark, out);
            input.remove_prefix(1);
        }
    }
}

std::string quote(bytes input, std::size_t bytes_max) {
    std::string out = "\"";
    append_escaped(input.substr(0, bytes_max), '"', out);
    out += input.size() > bytes_max ? "\"..." : "\"";
    return out;
}

std::string hex(bytes input, std::size_t bytes_max) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char byte : input.substr(0, bytes_max)) {
        const auto value = static_cast<std::uint8_t>(byte);
        if (!out.empty()) out += ' ';
        out += digits[value >> 4];
        out += digits[value & 0xF];
    }
    if (input.size() > bytes_max) out += " ...";
    return out;
}

}  // namespace framewire
