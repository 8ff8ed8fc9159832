#include "row_layout.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace framewire {
namespace {

using kind = notation::kind;

// od and hexdump print each unit at the right of columns that are as wide as the largest one.
struct layout {
    std::size_t width;
    kind what;
    std::size_t unit;
};

constexpr std::array<layout, 18> layouts{{
    {3, kind::hex, 1},
    {4, kind::octal, 1},
    {4, kind::decimal, 1},
    {5, kind::hex, 2},
    {5, kind::decimal, 1},  // with a sign
    {6, kind::decimal, 2},
    {7, kind::octal, 2},
    {7, kind::decimal, 2},
    {8, kind::hex, 2},  // of hexdump, as are the next two
    {8, kind::padded, 2},
    {8, kind::octal, 2},
    {9, kind::hex, 4},
    {11, kind::decimal, 4},
    {12, kind::octal, 4},
    {12, kind::decimal, 4},
    {17, kind::hex, 8},
    {21, kind::decimal, 8},
    {23, kind::octal, 8},
}};
constexpr std::size_t character_width = 4;

// od -A x prints six digits, other od and hexdump seven; more only if they are needed.
bool may_be_theirs(std::string_view offset) {
    constexpr std::size_t usual = 7;
    return offset.empty() || offset.size() == usual - 1 || offset.size() == usual ||
           (offset.size() > usual && offset.front() != '0');
}

// Where the first unit ends, counted from the offset, if the second ends as far from there.
std::optional<std::size_t> width_of(const dump_row& row) {
    const auto text = row.line.text;
    const auto first = text.find_first_not_of(' ', row.begin);
    if (first == std::string_view::npos) return std::nullopt;
    const auto end = std::min(text.find(' ', first), text.size());
    const auto second = text.find_first_not_of(' ', end);
    const auto width = end - row.begin;
    // What begins so is the text at the end of the row.
    if (second == std::string_view::npos || text[second] == '>') return width;
    const auto second_end = std::min(text.find(' ', second), text.size());
    return second_end - end == width ? std::optional(width) : std::nullopt;
}

bool is_name_of_od(std::string_view word) {
    constexpr std::array<std::string_view, 34> names{
        "nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs",  "ht",  "nl",  "vt",
        "ff",  "cr",  "so",  "si",  "dle", "dc1", "dc2", "dc3", "dc4", "nak", "syn", "etb",
        "can", "em",  "sub", "esc", "fs",  "gs",  "rs",  "us",  "sp",  "del"};
    return std::ranges::find(names, word) != names.end();
}

}  // namespace

std::vector<notation> notations_of(const dump_row& row) {
    constexpr std::size_t of_hexdump = 8;
    std::vector<notation> out;
    if (row.colon || !may_be_theirs(row.offset)) return out;
    if (const auto width = width_of(row)) {
        for (const auto& one : layouts) {
            // Hexdump prints offsets in any case.
            const bool may_be = !row.offset.empty() || *width != of_hexdump;
            if (one.width == *width && may_be) out.push_back({one.what, one.unit, false});
        }
    }
    // A space cannot be seen, so that nothing is known of its columns.
    out.push_back({kind::character, 1, false});
    return out;
}

bool is_od_a(const dump_row& row) {
    if (row.colon || !may_be_theirs(row.offset)) return false;
    const auto text = row.line.text;
    bool has_name = false;
    for (auto at = row.begin; at < text.size(); at += character_width) {
        const auto word = trim(text.substr(at, character_width));
        const bool is_name = is_name_of_od(word);
        if (at + character_width > text.size() || (!is_name && word.size() != 1)) return false;
        has_name = has_name || is_name;
    }
    return has_name;
}

}  // namespace framewire
