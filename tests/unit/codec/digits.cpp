#include "framewire/codec/digits.hpp"

#include "readings.hpp"
#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace framewire::digits_tests {
namespace {

using tests::framing_of;
using tests::read_whole;
using tests::reading;

std::string encoded(std::string_view spec, bytes payload) {
    std::string out;
    EXPECT_TRUE(framing_of(spec).encode(payload, out));
    return out;
}

reading read(std::string_view spec, bytes stream) {
    return read_whole(framing_of(spec).decoder(), stream);
}

reading frames(std::vector<reading::frame> all) { return {.frames = std::move(all)}; }

reading failure(errc error, std::uint64_t offset, std::vector<reading::frame> before = {}) {
    return {.frames = std::move(before), .error = error, .error_offset = offset};
}

TEST(digits, writes_zeros_in_front_or_blanks_behind) {
    EXPECT_EQ(encoded("digits:10", "Hello"), "0000000005Hello");
    EXPECT_EQ(encoded("digits:5,pad=space", "Hello"), "5    Hello");
    EXPECT_EQ(encoded("digits:1", "Hello"), "5Hello");
    EXPECT_EQ(encoded("digits:3", ""), "000");
    EXPECT_EQ(encoded("digits:3,pad=space", ""), "0  ");
    EXPECT_EQ(encoded("digits:64,pad=space", "Message received successfully...."),
              "33" + std::string(62, ' ') + "Message received successfully....");
}

TEST(digits, counts_bytes_or_characters) {
    const std::string hello = "h\xC3\xA9llo w\xC3\xB6rld";
    EXPECT_EQ(encoded("digits:10", hello), "0000000013" + hello);
    EXPECT_EQ(encoded("digits:10,count=chars", hello), "0000000011" + hello);
    EXPECT_EQ(read("digits:10", "0000000013" + hello), frames({{hello, 0}}));
    EXPECT_EQ(read("digits:10,count=chars", "0000000011" + hello), frames({{hello, 0}}));
}

TEST(digits, reads_frame_after_frame) {
    EXPECT_EQ(read("digits:2", "05Hello0002hi"), frames({{"Hello", 0}, {"", 7}, {"hi", 9}}));
    EXPECT_EQ(read("digits:2,pad=space", "5 Hello0 2 hi"),
              frames({{"Hello", 0}, {"", 7}, {"hi", 9}}));
}

TEST(digits, never_takes_one_padding_for_the_other) {
    EXPECT_EQ(read("digits:3", "5  Hello"), failure(errc::frame_length_syntax, 1));
    EXPECT_EQ(read("digits:3", "  5Hello"), failure(errc::frame_length_syntax, 0));
    EXPECT_EQ(read("digits:3,pad=space", "005Hello"), failure(errc::frame_length_syntax, 1));
    EXPECT_EQ(read("digits:3,pad=space", "00 "), failure(errc::frame_length_syntax, 1));
    EXPECT_EQ(read("digits:3,pad=space", " 5 Hello"), failure(errc::frame_length_syntax, 0));
    EXPECT_EQ(read("digits:3,pad=space", "5 5Hello"), failure(errc::frame_length_syntax, 2));
}

TEST(digits, fills_its_width_without_padding) {
    const std::string hundred(100, 'x');
    EXPECT_EQ(read("digits:3", "100" + hundred), frames({{hundred, 0}}));
    EXPECT_EQ(read("digits:3,pad=space", "100" + hundred), frames({{hundred, 0}}));
}

TEST(digits, separates_a_wrong_length_from_no_length) {
    EXPECT_EQ(read("digits:2", "x5"), failure(errc::frame_syntax, 0));
    EXPECT_EQ(read("digits:2", "5x"), failure(errc::frame_length_syntax, 1));
    EXPECT_EQ(read("digits:2", "02hix5"), failure(errc::frame_syntax, 4, {{"hi", 0}}));
}

TEST(digits, fails_where_characters_cannot_be_counted) {
    EXPECT_EQ(read("digits:2,count=chars", "03ab\xFF"), failure(errc::frame_utf8, 4));
    EXPECT_EQ(read("digits:2,count=chars", "02a\xC3(b"), failure(errc::frame_utf8, 4));
    EXPECT_EQ(read("digits:2", "03ab\xFF"), frames({{"ab\xFF", 0}}));
    std::string out = "as it was";
    const auto failed = framing_of("digits:10,count=chars").encode("ab\xFF", out);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error(), errc::frame_utf8);
    EXPECT_EQ(out, "as it was");
}

TEST(digits, a_length_in_characters_ends_in_the_middle_of_nothing) {
    EXPECT_EQ(read("digits:1,count=chars",
                   "1\xC3\xA9"
                   "1a"),
              frames({{"\xC3\xA9", 0}, {"a", 3}}));
    EXPECT_EQ(read("digits:1,count=chars", "1a\xA9"),
              failure(errc::frame_length_syntax, 2, {{"a", 0}}));
    EXPECT_EQ(read("digits:1,count=chars", "1\xC3"), failure(errc::frame_truncated, 2));
}

TEST(digits, refuses_to_write_a_length_that_needs_more_digits) {
    const std::string ten(10, 'x');
    std::string out = "as it was";
    for (const char* spec : {"digits:1", "digits:1,pad=space", "digits:1,count=chars"}) {
        const auto failed = framing_of(spec).encode(ten, out);
        ASSERT_FALSE(failed) << spec;
        EXPECT_EQ(failed.error(), errc::frame_too_large);
        EXPECT_EQ(out, "as it was");
    }
    EXPECT_EQ(encoded("digits:2", ten), "10" + ten);
}

TEST(digits, header_alone_announces_any_length) {
    std::string out;
    EXPECT_TRUE(framing_of("digits:10").begin(9'999'999'999, out));
    EXPECT_EQ(out, "9999999999");
    EXPECT_FALSE(framing_of("digits:10").begin(10'000'000'000, out));
    EXPECT_EQ(out, "9999999999");
    EXPECT_TRUE(framing_of("digits:21").begin(18'446'744'073'709'551'614U, out));
    EXPECT_EQ(out,
              "9999999999"
              "018446744073709551614");
}

TEST(digits, says_what_a_header_should_be) {
    EXPECT_EQ((digits_header{digits_number{10}}.expectation()), "10 bytes of decimal digits");
    EXPECT_EQ((digits_header{digits_number{64, padding::space}}.expectation()),
              "64 bytes of decimal digits followed by spaces");
}

TEST(digits, wide_headers_are_padded_like_narrow_ones) {
    std::string out;
    EXPECT_TRUE(framing::parse("digits:64")->encode("Hello", out));
    EXPECT_EQ(out, std::string(63, '0') + "5Hello");
}

TEST(digits, guesses_nothing_where_more_than_digits_is_expected) {
    EXPECT_EQ(tests::message("digits:4", "Hello"),
              "frame.syntax at 0: \"Hello\" where 4 bytes of decimal digits were expected; looks "
              "like text without a header");
    EXPECT_EQ(tests::message("digits:4,magic=#", "#Hello"),
              "frame.syntax at 1: \"#Hello\" where 4 bytes of decimal digits were expected");
}

}  // namespace
}  // namespace framewire::digits_tests
