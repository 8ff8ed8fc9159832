#include "list_reader.hpp"

#include "dump_row.hpp"
#include "framewire/core/units.hpp"

#include <algorithm>

namespace framewire {
namespace {

constexpr std::uint64_t list_bytes_max = 64 * MiB;

bool has_prefix(std::string_view word) { return word.starts_with("0x") || word.starts_with("0X"); }

bool is_pair(std::string_view word) { return word.size() == 2 && hex_end(word, 0) == 2; }

bool has_letter(std::string_view word) {
    return word.find_first_of("abcdefABCDEF") != std::string_view::npos;
}

// `[00, 05, 48]` of Rust and `<Buffer 00 05>` are pairs of hexadecimal digits.
bool looks_hex(const std::vector<list_number>& numbers) {
    bool letters = false;
    bool pairs = true;
    bool zeros = false;
    for (const auto& one : numbers) {
        if (one.text || has_prefix(one.word)) continue;
        letters = letters || has_letter(one.word);
        pairs = pairs && is_pair(one.word);
        zeros = zeros || (one.word.size() == 2 && one.word.front() == '0');
    }
    return letters || (pairs && zeros);
}

// Two decimal digits each could be hexadecimal as well.
bool is_doubtful(const std::vector<list_number>& numbers) {
    const auto bare = [](const list_number& one) { return !one.text && !has_prefix(one.word); };
    return numbers.size() > 1 && std::ranges::all_of(numbers, [&](const list_number& one) {
               return bare(one) && is_pair(one.word);
           });
}

result<unsigned char> byte_of(const list_number& one, bool is_hex) {
    const auto& word = one.word;
    std::optional<std::uint64_t> value;
    if (has_prefix(word)) {
        value = parse_digits(word.substr(2), 16);
    } else if (is_hex) {
        value = parse_digits(word, 16);
    } else if (word.size() > 1 && word.front() == '0') {
        return one.line->refuse(one.position, "a number without leading zeros",
                                "it may be octal or decimal; write 0x30 or 48");
    } else if (word.starts_with('-')) {
        value = parse_digits(word.substr(1), 10);
        if (value && *value <= 128) return static_cast<unsigned char>(256 - *value);
        value.reset();
    } else {
        value = parse_digits(word, 10);
    }
    if (!value || *value > 0xFF) {
        return one.line->refuse(one.position, is_hex ? "a byte in hexadecimal digits"
                                                     : "a byte: 0x00 to 0xff, or -128 to 255");
    }
    return static_cast<unsigned char>(*value);
}

}  // namespace

result<std::string> bytes_of_numbers(const std::vector<list_number>& numbers, bool is_hex,
                                     std::vector<std::string>& remarks) {
    is_hex = is_hex || looks_hex(numbers);
    std::string out;
    for (const auto& one : numbers) {
        std::string unit = one.text.value_or("");
        if (!one.text) {
            const auto byte = byte_of(one, is_hex);
            if (!byte) return tl::unexpected(byte.error());
            unit.assign(1, static_cast<char>(*byte));
        }
        if (!unit.empty() && one.times > (list_bytes_max - out.size()) / unit.size()) {
            return one.line->object(one.position, "these are more than 64MiB");
        }
        for (std::uint64_t i = 0; i < one.times; ++i) out += unit;
        if (out.size() >= list_bytes_max) {
            return one.line->object(one.position, "these are more than 64MiB");
        }
    }
    if (!is_hex && is_doubtful(numbers)) {
        remarks.emplace_back("numbers without 0x are taken for decimal");
    }
    return out;
}

}  // namespace framewire
