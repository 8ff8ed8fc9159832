#include "pattern.hpp"

#include <bitset>
#include <cmath>

namespace framewire {
namespace {

unsigned hex_value(char digit) noexcept {
    const auto value = unsigned{static_cast<unsigned char>(digit)};
    return value <= '9' ? value - '0' : (value | 0x20) - 'a' + 10;
}

unsigned take_byte(std::string_view& pattern) noexcept {
    const char first = pattern.front();
    pattern.remove_prefix(1);
    if (first != '\\') return static_cast<unsigned char>(first);
    const char name = pattern.front();
    pattern.remove_prefix(1);
    if (name == 'n') return '\n';
    if (name == 'r') return '\r';
    if (name == '0') return 0;
    if (name != 'x') return static_cast<unsigned char>(name);
    const auto value = hex_value(pattern[0]) * 16 + hex_value(pattern[1]);
    pattern.remove_prefix(2);
    return value;
}

std::bitset<256> take_set(std::string_view& pattern) noexcept {
    std::bitset<256> set;
    pattern.remove_prefix(1);
    while (pattern.front() != ']') {
        const auto first = take_byte(pattern);
        auto last = first;
        if (pattern.front() == '-') {
            pattern.remove_prefix(1);
            last = take_byte(pattern);
        }
        for (auto value = first; value <= last; ++value) set.set(value);
    }
    pattern.remove_prefix(1);
    return set;
}

}  // namespace

std::optional<double> match_pattern(std::string_view pattern, bytes text,
                                    const surprise& expected) {
    double bits = 0;
    while (!pattern.empty()) {
        if (text.empty()) return std::nullopt;
        const auto value = static_cast<unsigned char>(text.front());
        text.remove_prefix(1);
        if (pattern.front() == '?') {
            pattern.remove_prefix(1);
        } else if (pattern.front() == '[') {
            const auto set = take_set(pattern);
            if (!set.test(value)) return std::nullopt;
            bits -= std::log2(expected.probability(set));
        } else {
            if (take_byte(pattern) != value) return std::nullopt;
            bits += expected.of_value(value);
        }
    }
    return bits;
}

}  // namespace framewire
