#include "framewire/core/quote.hpp"

#include "framewire/core/utf8.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace framewire {
namespace {

struct character_range {
    char32_t first;
    char32_t last;
};

// What is not shown but obeyed, by Unicode's categories: controls (Cc), formats (Cf), and the
// separators of lines and paragraphs (Zl, Zp). They reverse text, hide it or break the line. Ends
// with all tags, of which those not assigned yet are ignored, too.
constexpr std::array<character_range, 20> invisible{{
    {0x80, 0x9F},       {0xAD, 0xAD},       {0x600, 0x605},     {0x61C, 0x61C},
    {0x6DD, 0x6DD},     {0x70F, 0x70F},     {0x890, 0x891},     {0x8E2, 0x8E2},
    {0x180E, 0x180E},   {0x200B, 0x200F},   {0x2028, 0x202E},   {0x2060, 0x206F},
    {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},   {0x110BD, 0x110BD}, {0x110CD, 0x110CD},
    {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
}};

char32_t code_point(bytes character) noexcept {
    const auto size = character.size();
    auto value = static_cast<char32_t>(static_cast<std::uint8_t>(character[0]) &
                                       (size == 1 ? 0x7FU : 0x7FU >> size));
    for (const char byte : character.substr(1)) {
        value = value << 6 | (static_cast<std::uint8_t>(byte) & 0x3FU);
    }
    return value;
}

bool is_plain(char byte, char mark) noexcept {
    return byte >= 0x20 && byte < 0x7F && (mark == 0 || (byte != mark && byte != '\\'));
}

void append_byte(char byte, char mark, std::string& out) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto value = static_cast<std::uint8_t>(byte);
    std::array<char, 4> text{'\\', 'x', digits[value >> 4], digits[value & 0xF]};
    const bool is_short = (mark != 0 && (byte == mark || byte == '\\')) || byte == '\n' ||
                          byte == '\r' || byte == '\t';
    if (is_short) text[1] = byte == '\n' ? 'n' : byte == '\r' ? 'r' : byte == '\t' ? 't' : byte;
    out.append(text.data(), is_short ? 2 : text.size());
}

// The size of the visible character of several bytes that the input begins with; 0 if there is
// none.
std::size_t visible_character(bytes input) {
    constexpr std::size_t size_max = 4;
    if (static_cast<std::uint8_t>(input.front()) < 0x80) return 0;
    utf8_counter counter;
    const auto size = counter.advance(input.substr(0, size_max), 1);
    const bool is_character = counter.valid() && !counter.inside_character();
    return is_character && is_visible(input.substr(0, size)) ? size : 0;
}

}  // namespace

bool is_visible(bytes character) noexcept {
    const auto value = code_point(character);
    const auto* range = std::ranges::lower_bound(invisible, value, {}, &character_range::last);
    return value >= 0x20 && value != 0x7F && (range == invisible.end() || value < range->first);
}

void append_escaped(bytes input, char mark, std::string& out) {
    while (!input.empty()) {
        // Most text is ASCII.
        const auto plain = static_cast<std::size_t>(
            std::ranges::find_if(input, [&](char byte) { return !is_plain(byte, mark); }) -
            input.begin());
        out += input.substr(0, plain);
        input.remove_prefix(plain);
        if (input.empty()) return;
        const auto size = visible_character(input);
        if (size == 0) append_byte(input.front(), mark, out);
        out += input.substr(0, size);
        input.remove_prefix(std::max<std::size_t>(size, 1));
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
