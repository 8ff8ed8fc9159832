#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::tests {

/// RFC 3629, section 3, for any value up to U+10FFFF, surrogates included.
inline std::string encode_utf8(std::uint32_t code_point) {
    const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
    const auto tail = [&](unsigned shift) { return byte(0x80 + (code_point >> shift) % 64); };
    if (code_point < 0x80) return {byte(code_point)};
    if (code_point < 0x800) return {byte(0xC0 + (code_point >> 6)), tail(0)};
    if (code_point < 0x10000) return {byte(0xE0 + (code_point >> 12)), tail(6), tail(0)};
    return {byte(0xF0 + (code_point >> 18)), tail(12), tail(6), tail(0)};
}

/// Legal UTF-8 as a list: the set of all prefixes of all encoded scalar values. A byte is wrong if
/// it and the bytes before it in its character are no such prefix.
class utf8_oracle {
public:
    struct reading {
        std::uint64_t characters = 0;
        std::size_t taken = 0;  ///< up to and without the first wrong byte
        bool valid = true;
        bool inside = false;  ///< the input ends in a character that is not complete
    };

    static const utf8_oracle& instance() {
        static const utf8_oracle one;
        return one;
    }

    [[nodiscard]] reading read(std::string_view text) const {
        reading result;
        std::string character;
        for (const char byte : text) {
            character += byte;
            const auto found = states_.at(place(character));
            result.valid = found != illegal;
            if (!result.valid) return result;
            ++result.taken;
            if (found == whole) {
                ++result.characters;
                character.clear();
            }
        }
        result.inside = !character.empty();
        return result;
    }

private:
    enum state : std::uint8_t { illegal, beginning, whole };
    static constexpr std::size_t places = 0x500000;
    static constexpr std::size_t nowhere = places - 1;

    utf8_oracle() : states_(places, illegal) {
        for (std::uint32_t point = 0; point <= 0x10FFFF; ++point) {
            if (point >= 0xD800 && point <= 0xDFFF) continue;
            auto text = encode_utf8(point);
            states_[place(text)] = whole;
            for (text.pop_back(); !text.empty(); text.pop_back()) {
                states_[place(text)] = beginning;
            }
        }
    }

    // One table for all lengths. Only characters that begin with E0 or more have three bytes, and
    // only those from F0 to F7 four, all but the first being 80 to BF.
    static std::size_t place(std::string_view text) {
        const auto at = [&](std::size_t i) -> std::size_t {
            return static_cast<unsigned char>(text[i]);
        };
        if (text.size() == 1) return at(0);
        if (text.size() == 2) return 0x100 + at(0) * 0x100 + at(1);
        if (text.size() == 3) return 0x20000 + at(0) % 32 * 0x10000 + at(1) * 0x100 + at(2);
        const bool tails = at(1) / 64 == 2 && at(2) / 64 == 2 && at(3) / 64 == 2;
        if (at(0) / 8 != 0x1E || !tails) return nowhere;
        return 0x220000 + at(0) % 8 * 0x40000 + at(1) % 64 * 0x1000 + at(2) % 64 * 64 + at(3) % 64;
    }

    std::vector<state> states_;
};

}  // namespace framewire::tests
