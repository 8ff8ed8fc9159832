#include "json_members.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"
#include "framewire/core/utf8.hpp"
#include "python_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace framewire {
namespace {

bool is_plain(char byte) noexcept {
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

void append_unit(std::uint32_t unit, std::string& out) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u";
    for (const unsigned shift : {12U, 8U, 4U, 0U}) out += digits[unit >> shift & 0xF];
}

// As UTF-16, in which JSON escapes.
void append_code_point(std::uint32_t code, std::string& out) {
    constexpr std::uint32_t supplementary = 0x10000;
    if (code < supplementary) return append_unit(code, out);
    append_unit(0xD800 + ((code - supplementary) >> 10), out);
    append_unit(0xDC00 + ((code - supplementary) & 0x3FF), out);
}

std::uint32_t code_point(bytes character) noexcept {
    const auto size = character.size();
    auto value = static_cast<std::uint32_t>(static_cast<std::uint8_t>(character[0])) &
                 (size == 1 ? 0x7FU : 0x7FU >> size);
    for (const char byte : character.substr(1)) {
        value = value << 6 | (static_cast<std::uint8_t>(byte) & 0x3FU);
    }
    return value;
}

void append_character(bytes character, std::string& out) {
    switch (character.front()) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: break;
    }
    if (is_visible(character)) {
        out += character;
    } else {
        append_code_point(code_point(character), out);
    }
}

// The size of the character that the input begins with; 0 if it is not UTF-8.
std::size_t character_size(bytes input) noexcept {
    constexpr std::size_t size_max = 4;
    utf8_counter counter;
    const auto size = counter.advance(input.substr(0, size_max), 1);
    return counter.valid() && !counter.inside_character() ? size : 0;
}

void append_text(bytes input, std::string& out) {
    constexpr std::string_view replacement = "\\ufffd";
    out += '"';
    while (!input.empty()) {
        // Most text is ASCII.
        const auto plain =
            static_cast<std::size_t>(std::ranges::find_if_not(input, is_plain) - input.begin());
        out += input.substr(0, plain);
        input.remove_prefix(plain);
        if (input.empty()) break;
        const auto size = character_size(input);
        size == 0 ? static_cast<void>(out += replacement)
                  : append_character(input.substr(0, size), out);
        input.remove_prefix(std::max<std::size_t>(size, 1));
    }
    out += '"';
}

void append_base64(bytes input, std::string& out) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (; !input.empty(); input.remove_prefix(std::min<std::size_t>(3, input.size()))) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = group << 8 | (i < input.size() ? static_cast<std::uint8_t>(input[i]) : 0U);
        }
        std::array<char, 4> text{};
        for (std::size_t i = 0; i < text.size(); ++i) {
            text.at(i) = i <= input.size() ? digits[group >> (18 - 6 * i) & 0x3F] : '=';
        }
        out.append(text.data(), text.size());
    }
}

}  // namespace

void json_members::add(std::string_view name, std::string_view text) {
    if (text.empty()) return;
    begin(name);
    append_text(text, out_);
}

void json_members::add(std::string_view name, std::optional<std::uint64_t> number) {
    if (number) add_number(name, std::to_string(*number));
}

void json_members::add_number(std::string_view name, std::string_view number) {
    begin(name);
    out_ += number;
}

void json_members::add_payload(bytes data, bool is_truncated) {
    // A character that was cut is no reason to write the others as base64.
    const auto text = is_truncated ? whole_characters(data) : data;
    if (count_utf8(text) != unknown_length) {
        begin("payload");
        append_text(text, out_);
    } else {
        begin("payload_base64");
        out_ += '"';
        append_base64(data, out_);
        out_ += '"';
    }
    if (!is_truncated) return;
    begin("truncated");
    out_ += "true";
}

void json_members::begin(std::string_view name) {
    out_ += out_.size() > 1 ? ",\"" : "\"";
    out_.append(name).append("\":");
}

}  // namespace framewire
