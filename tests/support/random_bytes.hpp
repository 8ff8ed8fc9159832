#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace framewire::tests {

/// The same bytes in every run.
class random_bytes {
public:
    explicit random_bytes(std::uint32_t seed) : engine_(seed) {}

    /// A number below `end`. Requires: `end` is not 0.
    std::size_t below(std::size_t end) { return engine_() % end; }
    char byte() { return static_cast<char>(below(256)); }
    char one_of(std::string_view choices) { return choices[below(choices.size())]; }

    std::string any(std::size_t size) {
        std::string out(size, '\0');
        for (auto& each : out) each = byte();
        return out;
    }

    std::string letters(std::size_t size) {
        std::string out(size, '\0');
        for (auto& each : out) each = one_of("abcdefghijklmnopqrstuvwxyz");
        return out;
    }

    /// Mostly what a decimal framing expects, and often what it must refuse.
    std::string hostile(std::size_t size) {
        std::string out;
        while (out.size() < size) {
            const auto kind = below(16);
            if (kind < 7)
                out += one_of("0123456789");
            else if (kind < 9)
                out += '0';
            else if (kind < 12)
                out += ' ';
            else if (kind < 14)
                out += one_of(std::string_view("+-_.,x\0\t\r\n", 10));
            else if (kind == 14)
                out += "h\xC3\xA9";
            else
                out += byte();
        }
        out.resize(size);
        return out;
    }

private:
    std::mt19937 engine_;
};

}  // namespace framewire::tests
