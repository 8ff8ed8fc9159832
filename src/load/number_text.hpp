#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace framewire {

/// A number as eight digits of base 32, `0` to `9` and `a` to `v`, the highest first; it wraps at
/// 2^40.
class number_text {
public:
    static constexpr std::string_view alphabet = "0123456789abcdefghijklmnopqrstuv";
    static constexpr int digit_bits = 5;
    static constexpr std::size_t size = 8;

    explicit number_text(std::uint64_t number) noexcept : number_(number), digits_(text(number)) {}

    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
    /// Increments the number; usually a single addition.
    void advance() noexcept {
        ++number_;
        const auto last = digits_ & 0xff;
        digits_ = last == '9' || last == 'v' ? text(number_) : digits_ + 1;
    }
    /// Writes the last `count` digits. Requires: `count <= size`.
    void write(char* to, std::size_t count) const noexcept {
        const auto ordered = in_order();
        if (count == size) {
            std::memcpy(to, &ordered, size);
        } else {
            std::memcpy(to, reinterpret_cast<const char*>(&ordered) + size - count, count);
        }
    }
    /// True if the last `count` digits are at `at`. Requires: `count <= size`.
    [[nodiscard]] bool is_at(const char* at, std::size_t count) const noexcept {
        const auto ordered = in_order();
        if (count == size) return std::memcmp(at, &ordered, size) == 0;
        return std::memcmp(at, reinterpret_cast<const char*>(&ordered) + size - count, count) == 0;
    }

private:
    // The last digit is in the lowest byte, so that adding one to the word increments the number.
    [[nodiscard]] std::uint64_t in_order() const noexcept {
        return std::endian::native == std::endian::little ? __builtin_bswap64(digits_) : digits_;
    }
    // All digits at once: five bits are spread to each byte and become characters.
    [[nodiscard]] static std::uint64_t text(std::uint64_t number) noexcept {
        constexpr std::uint64_t ones = 0x0101010101010101;
        auto word = (number & 0xfffff) | (((number >> 20) & 0xfffff) << 32);
        word = (word & 0x000003ff000003ff) | ((word & 0x000ffc00000ffc00) << 6);
        word = (word & 0x001f001f001f001f) | ((word & 0x03e003e003e003e0) << 3);
        const auto letters = ((word + ones * (128 - 10)) >> 7) & ones;
        return word + ones * '0' + letters * ('a' - '0' - 10);
    }

    std::uint64_t number_;
    std::uint64_t digits_;
};

}  // namespace framewire
