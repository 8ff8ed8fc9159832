#include "row_units.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace framewire {
namespace {

using kind = notation::kind;

// A line is that of a tool, not of a file that ends without one.
constexpr std::size_t unit_bytes_max = 8;

std::string_view expected_units(const notation& how) {
    switch (how.what) {
        case kind::groups:
        case kind::hex: return "pairs of hexadecimal digits";
        case kind::octal: return "octal numbers";
        case kind::decimal:
        case kind::padded: return "decimal numbers";
        case kind::binary: return "groups of eight binary digits";
        default: return "characters in columns of four";
    }
}

void append_word(std::uint64_t value, const notation& how, std::string& out) {
    const auto begin = static_cast<std::ptrdiff_t>(out.size());
    for (std::size_t i = 0; i < how.unit; ++i) {
        out += static_cast<char>(value & 0xFFU);
        value >>= 8U;
    }
    if (!how.little) std::reverse(out.begin() + begin, out.end());
}

std::size_t octal_digits(std::size_t unit) {
    return unit == 1 ? 3 : unit == 2 ? 6 : unit == 4 ? 11 : 22;
}

std::optional<std::uint64_t> parse_decimal(std::string_view word, std::size_t unit) {
    const bool negative = word.starts_with('-');
    const auto value = parse_digits(word.substr(negative ? 1 : 0), 10);
    if (!value) return {};
    const auto bits = 8 * unit;
    if (word.size() > 1 && word.front() == '0') return {};
    const auto end = bits >= 64 ? 0 : std::uint64_t{1} << bits;
    if (negative) {
        if (*value > (std::uint64_t{1} << (bits - 1))) return {};
        return (bits >= 64 ? 0 : end) - *value;
    }
    return end != 0 && *value >= end ? std::nullopt : value;
}

// Appends the bytes of a word; false if it is no unit.
bool append_unit(std::string_view word, const notation& how, std::string& out) {
    std::optional<std::uint64_t> value;
    switch (how.what) {
        case kind::groups:
            if (word.size() % 2 != 0 || hex_end(word, 0) != word.size()) return false;
            if (how.little && word.size() > 2 * unit_bytes_max) return false;
            append_pairs(word, out);
            if (how.little) {
                std::reverse(out.end() - static_cast<std::ptrdiff_t>(word.size() / 2), out.end());
            }
            return true;
        case kind::hex:
            if (word.size() != 2 * how.unit) return false;
            value = parse_digits(word, 16);
            break;
        case kind::octal:
            if (word.size() != octal_digits(how.unit)) return false;
            value = parse_digits(word, 8);
            if (value && how.unit < 8 && *value >> (8 * how.unit) != 0) return false;
            break;
        case kind::decimal: value = parse_decimal(word, how.unit); break;
        case kind::padded:
            if (word.size() != 5) return false;
            value = parse_digits(word, 10);
            if (value && *value > 0xFFFF) return false;
            break;
        case kind::binary:
            if (word.size() != 8) return false;
            value = parse_digits(word, 2);
            break;
        default: return false;
    }
    if (!value) return false;
    append_word(*value, how, out);
    return true;
}

std::size_t gap_max(const dump_row& row, const notation& how) {
    if (row.colon) return how.little ? 2 * unit_bytes_max : 1;
    return how.what == kind::hex && how.unit == 1 ? 4 : 22;
}

// od and hexdump print a character, an escape or an octal number at the right of four columns.
std::optional<char> read_field(std::string_view field) {
    constexpr std::string_view names = "0abtnvfr\\";
    constexpr std::string_view values("\0\a\b\t\n\v\f\r\\", 9);
    const auto word = trim(field);
    if (word.empty()) return ' ';
    if (field.back() == ' ') return std::nullopt;
    if (word.size() == 1 && word.front() > ' ' && word.front() <= '~') return word.front();
    if (word.size() == 2 && word.front() == '\\') {
        const auto name = names.find(word[1]);
        if (name != std::string_view::npos) return values[name];
    }
    if (word.size() == 3) {
        // A number is printed only where there is nothing shorter.
        const auto value = parse_digits(word, 8);
        if (!value || *value > 0xFF || (*value >= ' ' && *value <= '~')) return std::nullopt;
        const auto byte = static_cast<char>(*value);
        if (values.find(byte) == std::string_view::npos) return byte;
    }
    return std::nullopt;
}

row_units read_characters(const dump_row& row, row_units out) {
    constexpr std::size_t columns = 4;
    const auto size = row.line.text.size();
    for (auto at = row.begin; at + columns <= size + row.line.spaces; at += columns) {
        if (at < size && at + columns > size) return out;
        const auto byte =
            at < size ? read_field(row.line.text.substr(at, columns)) : std::optional(' ');
        if (!byte) return out;
        out.bytes += *byte;
        out.found.push_back({std::min(at + columns, size), out.bytes.size()});
    }
    return out;
}

}  // namespace

row_units read_units(const dump_row& row, const notation& how) {
    row_units out{.expected = expected_units(how)};
    if (how.what == kind::character) return read_characters(row, std::move(out));
    const auto text = row.line.text;
    auto at = std::min(text.find_first_not_of(white_space, row.begin), text.size());
    while (at < text.size()) {
        const auto end = std::min(text.find_first_of(white_space, at), text.size());
        if (!append_unit(text.substr(at, end - at), how, out.bytes)) break;
        out.found.push_back({end, out.bytes.size()});
        at = std::min(text.find_first_not_of(white_space, end), text.size());
        if (at - end > gap_max(row, how)) break;
    }
    return out;
}

}  // namespace framewire
