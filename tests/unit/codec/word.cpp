#include "framewire/codec/detail/word.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <optional>
#include <string>

namespace framewire::word_tests {
namespace {

// The bytes after the digits must not matter.
std::optional<std::uint64_t> read_digits(const std::string& text) {
    std::optional<std::uint64_t> result;
    for (const char behind : {'\0', '0', '9', '\xFF'}) {
        const auto word = text + std::string(word_bytes, behind);
        std::uint64_t value = 1;
        const bool known = load_digits(word.data(), text.size(), value);
        const auto found = known ? std::optional(value) : std::nullopt;
        if (behind != '\0') {
            EXPECT_EQ(found, result) << testing::PrintToString(text);
        }
        result = found;
    }
    return result;
}

std::string padded(std::uint64_t value, std::size_t width) {
    const auto text = std::to_string(value);
    return std::string(width - text.size(), '0') + text;
}

TEST(load_word, takes_the_first_byte_as_the_lowest) {
    EXPECT_EQ(load_word("\x01\x02\x03\x04\x05\x06\x07\xF8"), 0xF807060504030201U);
    const std::string bytes = "z\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF";
    EXPECT_EQ(load_word(bytes.data() + 1), 0xFFFFFFFFFFFFFFFFU);
}

TEST(load_digits, every_number_of_up_to_four_digits_in_every_width) {
    std::uint64_t end = 1;
    for (std::size_t width = 1; width <= word_bytes; ++width) {
        end = std::min<std::uint64_t>(end * 10, 10'000);
        for (std::uint64_t value = 0; value < end; ++value) {
            ASSERT_EQ(read_digits(padded(value, width)), value) << width;
        }
    }
}

TEST(load_digits, every_number_that_ends_with_four_zeros) {
    for (std::uint64_t value = 0; value < 10'000; ++value) {
        ASSERT_EQ(read_digits(padded(value * 10'000, 8)), value * 10'000);
        ASSERT_EQ(read_digits(padded(value * 10'000 + 1, 8)), value * 10'000 + 1);
    }
}

TEST(load_digits, every_digit_in_every_place_of_every_width) {
    for (std::size_t width = 1; width <= word_bytes; ++width) {
        for (std::size_t place = 0; place < width; ++place) {
            for (const char around : {'0', '5', '9'}) {
                for (unsigned value = 0; value < 256; ++value) {
                    std::string text(width, around);
                    text[place] = static_cast<char>(value);
                    const bool digit = value >= '0' && value <= '9';
                    ASSERT_EQ(read_digits(text),
                              digit ? std::optional(std::stoull(text)) : std::nullopt)
                        << testing::PrintToString(text);
                }
            }
        }
    }
}

TEST(load_digits, numbers_with_eight_digits_of_their_own) {
    for (const std::uint64_t value :
         {12'345'678U, 87'654'321U, 10'203'040U, 90'807'060U, 1U, 10'000'000U, 99'999'999U, 0U}) {
        EXPECT_EQ(read_digits(padded(value, 8)), value);
    }
}

TEST(load_digits, two_bytes_that_are_none) {
    for (const std::string pair : {"/:", ":/", "  ", "--", "\x80\x80", "\xB0\xB9", "p9", "@@"}) {
        for (std::size_t place = 0; place + 1 < word_bytes; ++place) {
            std::string text = "00000000";
            text.replace(place, 2, pair);
            EXPECT_EQ(read_digits(text), std::nullopt) << testing::PrintToString(text);
        }
    }
}

}  // namespace
}  // namespace framewire::word_tests
