// Where reading a header at once begins and ends: the fewest bytes, the largest length, the
// widths. To decline costs time only, so nothing else would notice.

#include "framewire/codec/framing.hpp"

#include "header_outcome.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace framewire::peek_borders_tests {
namespace {

using tests::advanced;
using tests::complete;
using tests::peeked;

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

// Known if as many bytes are there as it wants, and the length is within the bound.
template <class Header>
void expect_known(const Header& header, const std::string& text, std::uint64_t length,
                  std::size_t bytes_wanted) {
    const auto enough =
        text + std::string(bytes_wanted - std::min(bytes_wanted, text.size()), 'x');
    const auto known = std::optional(complete(length, text.size()));
    ASSERT_EQ(advanced(header, text), known) << text;
    ASSERT_EQ(peeked(header, enough, largest - 1), known) << text;
    ASSERT_EQ(peeked(header, enough, length), known) << text;
    ASSERT_EQ(peeked(header, bytes(enough).substr(0, enough.size() - 1), largest - 1),
              std::nullopt)
        << text;
    if (length > 0) {
        ASSERT_EQ(peeked(header, enough, length - 1), std::nullopt) << text;
    }
}

std::string padded(const std::string& digits, std::size_t width) {
    return std::string(width - digits.size(), '0') + digits;
}

TEST(peek_borders, knows_every_number_of_digits_in_every_width_up_to_two_words) {
    const std::string digits = "9876543210123456";
    for (std::size_t width = 1; width <= 16; ++width) {
        for (std::size_t size = 1; size <= width; ++size) {
            for (const auto& number : {digits.substr(0, size), "1" + std::string(size - 1, '0'),
                                       std::string(size, '9'), std::string(size, '0')}) {
                ASSERT_NO_FATAL_FAILURE(expect_known(digits_header{digits_number{width}},
                                                     padded(number, width), std::stoull(number),
                                                     std::max<std::size_t>(width, 8)));
            }
        }
    }
}

TEST(peek_borders, declines_digits_that_are_none_and_widths_that_are_too_large) {
    for (std::size_t width = 1; width <= 16; ++width) {
        for (std::size_t place = 0; place < width; ++place) {
            for (const char wrong : {'/', ':', ' ', '\0', '\x80', 'a'}) {
                std::string text(20, '0');
                text[place] = wrong;
                EXPECT_EQ(peeked(digits_header{digits_number{width}}, text, largest - 1),
                          std::nullopt);
            }
        }
    }
    for (const std::size_t width : {17U, 18U, 24U, 64U, 255U}) {
        const std::string zeros(300, '0');
        EXPECT_EQ(peeked(digits_header{digits_number{width}}, zeros, largest - 1), std::nullopt);
    }
    EXPECT_EQ(
        peeked(digits_header{digits_number{4, padding::left_space}}, "1234abcdefgh", largest - 1),
        std::nullopt);
}

TEST(peek_borders, knows_digits_before_spaces) {
    const digits_header four{digits_number{4, padding::space}};
    for (const auto& [text, length] : {std::pair{"0   ", 0U},
                                       {"7   ", 7U},
                                       {"12  ", 12U},
                                       {"123 ", 123U},
                                       {"1234", 1234U},
                                       {"10  ", 10U}}) {
        ASSERT_NO_FATAL_FAILURE(expect_known(four, text, length, 8));
    }
    for (const auto* const wrong :
         {"    ", " 1  ", "01  ", "00  ", "1 2 ", "1 x ", "12x ", "x   "}) {
        EXPECT_EQ(peeked(four, std::string(wrong) + "        ", largest - 1), std::nullopt);
    }
}

TEST(peek_borders, knows_binary_lengths_of_every_width) {
    for (const std::uint8_t width :
         {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}, std::uint8_t{4}, std::uint8_t{8}}) {
        std::string text(width, '\x81');
        std::uint64_t length = 0;
        for (int i = 0; i < width; ++i) length = length * 256 + 0x81;
        for (const bool little : {false, true}) {
            const binary_header header{binary_number{width, little}};
            ASSERT_NO_FATAL_FAILURE(expect_known(header, text, length, 8));
        }
    }
    const std::string long_enough = "\x01\x01\x01\x01xxxxxxxx";
    EXPECT_EQ(peeked(binary_header(binary_number{}, {.gap = 1}), long_enough, largest - 1),
              std::nullopt);
    EXPECT_EQ(peeked(binary_header(binary_number{}, {.adjust = 1}), long_enough, largest - 1),
              std::nullopt);
    EXPECT_EQ(peeked(binary_header(binary_number{}, {.adjust = -1}), long_enough, largest - 1),
              std::nullopt);
}

TEST(peek_borders, knows_varints_of_one_byte_and_of_two) {
    for (std::uint64_t length = 0; length < 0x4000; ++length) {
        const auto low = static_cast<char>(length % 128 + (length < 128 ? 0 : 128));
        const auto text =
            length < 128 ? std::string{low} : std::string{low, static_cast<char>(length / 128)};
        ASSERT_NO_FATAL_FAILURE(expect_known(varint_header{}, text, length, 10));
    }
}

TEST(peek_borders, knows_varints_of_three_bytes) {
    for (const std::uint64_t length : {0x4000U, 0xFFFFU, 0x10000U, 0x1F'FFFFU}) {
        const std::string text{static_cast<char>(length | 0x80),
                               static_cast<char>(length >> 7 | 0x80),
                               static_cast<char>(length >> 14)};
        ASSERT_NO_FATAL_FAILURE(expect_known(varint_header{}, text, length, 10));
        EXPECT_EQ(
            peeked(varint_header(varint_number{.width_max = 2}), text + "          ", largest - 1),
            std::nullopt);
    }
}

TEST(peek_borders, knows_decimal_lengths_with_their_terminator) {
    for (const auto& [header, terminator] :
         {std::pair{decimal_header(), ':'},
          {decimal_header(decimal_number{.terminator{' '}}), ' '}}) {
        for (std::uint64_t length :
             {0ULL, 1ULL, 9ULL, 10ULL, 99ULL, 1234567890ULL, 9999999999ULL}) {
            const auto text = std::to_string(length) + terminator;
            ASSERT_NO_FATAL_FAILURE(expect_known(header, text, length, 11));
        }
    }
}

std::string usual(const std::string& number) { return "Content-Length: " + number + "\r\n\r\n"; }

TEST(peek_borders, knows_the_usual_content_length) {
    for (std::uint64_t length : {0ULL, 1ULL, 9ULL, 10ULL, 99ULL, 1234567890ULL, 9999999999ULL}) {
        ASSERT_NO_FATAL_FAILURE(
            expect_known(content_length_header{}, usual(std::to_string(length)), length, 30));
    }
}

TEST(peek_borders, declines_any_other_header_field) {
    const std::string behind(30, 'x');
    for (const std::string& text :
         {"Content_Length: 5\r\n\r\n" + behind, "content-length: 5\r\n\r\n" + behind,
          "Content-Length:  5\r\n\r\n" + behind, "Content-Length: 5\r\nA: b\r\n\r\n" + behind,
          "Content-Length: 5\r\n\rx" + behind, "Content-Length: 5x\r\n\r\n" + behind,
          usual("") + behind, usual("05") + behind, usual("00") + behind,
          usual("12345678901") + behind, "A: 12345678901: 5\r\n\r\n" + behind}) {
        EXPECT_EQ(peeked(content_length_header{}, text, largest - 1), std::nullopt)
            << testing::PrintToString(text);
    }
}

TEST(peek_borders, knows_what_a_layout_is_where_nothing_is_said) {
    ASSERT_NO_FATAL_FAILURE(expect_known(binary_header{}, std::string("\0\0\1\2", 4), 258, 8));
    ASSERT_NO_FATAL_FAILURE(expect_known(digits_header{}, "0000000258", 258, 10));
    std::string out;
    ASSERT_TRUE(binary_length{}.begin(258, out));
    EXPECT_EQ(out, std::string("\0\0\1\2", 4));
    ASSERT_TRUE(digits{}.begin(258, out = ""));
    EXPECT_EQ(out, "0000000258");
    binary_length{}.end(out = "");
    EXPECT_EQ(out, "");
}

}  // namespace
}  // namespace framewire::peek_borders_tests
