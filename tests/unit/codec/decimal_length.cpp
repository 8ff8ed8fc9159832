// What netstring, octet-count and content-length share: a decimal length of no fixed width.

#include "framewire/codec/decimal.hpp"

#include "framewire/codec/decimal.hpp"
#include "header_outcome.hpp"
#include "readings.hpp"

#include <gtest/gtest.h>
#include <array>
#include <limits>
#include <optional>
#include <string>

namespace framewire::decimal_length_tests {
namespace {

using tests::advanced;
using tests::complete;
using tests::frame_oracle;
using tests::header_outcome;
using tests::incomplete;
using tests::peeked;
using tests::wrong;

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
const auto netstring_number = decimal_number{};
const auto octet_count_number = decimal_number{.terminator{' '}};
const std::array headers{decimal_header(netstring_number), decimal_header(octet_count_number)};

char terminator_of(const decimal_header& header) { return header.number().terminator.front(); }

bool begins_length(bytes text, char terminator) {
    const bool ended = text.ends_with(terminator);
    const auto digits = std::string(text.substr(0, text.size() - (ended ? 1 : 0)));
    if (digits.find_first_not_of("0123456789") != std::string::npos) return false;
    if (digits.empty()) return text.empty();
    return digits.size() <= 10 && std::to_string(std::stoull(digits)) == digits;
}

// The shortest beginning that decides: one that no length has, one that is too large, or one that
// is complete.
header_outcome meaning(bytes text, char terminator, std::uint64_t most) {
    for (std::size_t size = 1; size <= text.size(); ++size) {
        const auto front = text.substr(0, size);
        if (!begins_length(front, terminator)) {
            return wrong(frame_oracle::class_of(text, size - 1), size - 1);
        }
        const auto value = std::stoull(std::string(front));
        if (value > most) return wrong(errc::frame_too_large, size - 1);
        if (front.ends_with(terminator)) return complete(value, size);
    }
    return incomplete(text.size());
}

void expect_meaning(const decimal_header& header, bytes text, std::uint64_t most = largest - 1) {
    const auto expected = meaning(text, terminator_of(header), most);
    ASSERT_EQ(advanced(header, text, most), expected) << testing::PrintToString(text);
    // The way for a header that is all there may decline, but not differ.
    ASSERT_EQ(peeked(header, std::string(text) + std::string(11, '\xFF'), most),
              expected.complete ? std::optional(expected) : std::nullopt)
        << testing::PrintToString(text);
}

// All 16.7 million, but for one saving: where the first two bytes decide, one value is tried as
// the third.
TEST(decimal_length, every_header_of_three_bytes) {
    const std::string classes("\0 \t\n+-.059:,Ax_\x7F\x80\xC3\xFF", 19);
    for (const auto& header : headers) {
        std::string text(3, '\0');
        for (unsigned value = 0; value < 0x10000; ++value) {
            text[0] = static_cast<char>(value / 256);
            text[1] = static_cast<char>(value % 256);
            const auto front =
                meaning(bytes(text).substr(0, 2), terminator_of(header), largest - 1);
            if (front.error || front.complete) {
                text[2] = classes[value % classes.size()];
                ASSERT_NO_FATAL_FAILURE(expect_meaning(header, text));
                continue;
            }
            for (unsigned third = 0; third < 256; ++third) {
                text[2] = static_cast<char>(third);
                ASSERT_NO_FATAL_FAILURE(expect_meaning(header, text));
            }
        }
    }
}

TEST(decimal_length, every_byte_behind_every_number_of_digits) {
    for (const auto& header : headers) {
        for (const char digit : {'1', '9'}) {
            for (std::size_t digits = 0; digits <= 12; ++digits) {
                for (unsigned value = 0; value < 256; ++value) {
                    const auto text = std::string(digits, digit) + static_cast<char>(value);
                    ASSERT_NO_FATAL_FAILURE(expect_meaning(header, text));
                }
            }
        }
    }
}

TEST(decimal_length, nothing_but_a_zero_begins_with_one) {
    for (const auto& header : headers) {
        for (const char* digits : {"0", "00", "01", "09", "000", "010", "0000000000"}) {
            expect_meaning(header, digits);
            expect_meaning(header, std::string(digits) + terminator_of(header));
        }
    }
}

TEST(decimal_length, too_large_is_said_at_the_digit_that_makes_it_so) {
    for (const auto& header : headers) {
        for (const auto most : {0ULL, 1ULL, 8ULL, 9ULL, 10ULL, 11ULL, 64ULL, 99ULL, 100ULL,
                                4'294'967'295ULL, 9'999'999'998ULL, 9'999'999'999ULL,
                                10'000'000'000ULL, 18'446'744'073'709'551'614ULL}) {
            for (const auto value : {0ULL,
                                     1ULL,
                                     2ULL,
                                     8ULL,
                                     9ULL,
                                     10ULL,
                                     11ULL,
                                     12ULL,
                                     63ULL,
                                     64ULL,
                                     65ULL,
                                     99ULL,
                                     100ULL,
                                     101ULL,
                                     640ULL,
                                     650ULL,
                                     4'294'967'295ULL,
                                     4'294'967'296ULL,
                                     9'999'999'998ULL,
                                     9'999'999'999ULL,
                                     10'000'000'000ULL,
                                     18'446'744'073'709'551'615ULL}) {
                expect_meaning(header, std::to_string(value) + terminator_of(header), most);
            }
        }
    }
}

TEST(decimal_length, peeks_at_nothing_that_may_be_incomplete) {
    for (const auto& header : headers) {
        for (std::size_t size = 0; size < 11; ++size) {
            const auto text =
                (std::string("5") + terminator_of(header) + "Hello, world").substr(0, size);
            EXPECT_EQ(peeked(header, text, 100), std::nullopt) << size;
        }
    }
}

TEST(decimal_length, is_written_in_as_few_digits_as_it_has) {
    for (const std::uint64_t length :
         {0ULL, 1ULL, 9ULL, 10ULL, 99ULL, 100ULL, 4'294'967'296ULL, 9'999'999'999ULL}) {
        EXPECT_EQ(tests::begun("netstring", length), std::to_string(length) + ":");
        EXPECT_EQ(tests::begun("octet-count", length), std::to_string(length) + " ");
        EXPECT_EQ(tests::begun("content-length", length),
                  "Content-Length: " + std::to_string(length) + "\r\n\r\n");
    }
    for (const char* spec : {"netstring", "octet-count", "content-length"}) {
        for (const std::uint64_t length : {std::uint64_t{10'000'000'000}, largest - 1}) {
            EXPECT_EQ(tests::refusal_to_begin(spec, length), errc::frame_too_large) << spec;
        }
    }
}

}  // namespace
}  // namespace framewire::decimal_length_tests
