// The rows of docs/faults.md about framing that need more than a transcript: sizes, memory, and
// every variant.

#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::faults_a_tests {
namespace {

using namespace std::string_view_literals;
using tests::frame_oracle;
using tests::framing_of;
using tests::read_byte_by_byte;
using tests::read_cut_by;
using tests::read_whole;
using tests::reading;
using tests::stream_reader;

// Sends the text as a length of ten bytes, after digits if it is shorter, and expects an error at
// its first byte that no length can have there.
void expect_refused(std::string_view text, errc expected = errc::frame_length_syntax) {
    for (const char* spec : {"digits:10", "digits:10,pad=space", "digits:10,count=chars"}) {
        const auto stream = std::string(text) + std::string(20, '1');
        const auto all = read_whole(framing_of(spec).decoder(), stream);
        EXPECT_EQ(all.error, expected) << spec << ' ' << testing::PrintToString(stream);
        EXPECT_LT(all.error_offset, text.size()) << spec << ' ' << testing::PrintToString(stream);
        EXPECT_TRUE(all.frames.empty());
        EXPECT_EQ(read_byte_by_byte(framing_of(spec).decoder(), stream), all);
    }
}

TEST(faults_a, row_01_and_02_signs) {
    for (const auto text : {"+5"sv, "-5"sv, "-0"sv, "+0"sv, "5+"sv, "0-1"sv}) expect_refused(text);
}

TEST(faults_a, row_03_white_space_that_is_no_padding) {
    for (const auto text : {" 5"sv, "\t5"sv, "\v5"sv, "\f5"sv, "\r5"sv, "\n5"sv,
                            "\xA0"
                            "5"sv,
                            "\xC2\xA0"
                            "5"sv,
                            "\x85"
                            "5"sv,
                            "\xC2\x85"
                            "5"sv,
                            "\xE2\x80\x83"
                            "5"sv,
                            "5\t"sv, "5\v"sv, "5\xC2\xA0"sv, "5 5"sv}) {
        expect_refused(text);
    }
}

TEST(faults_a, row_04_underscore) {
    for (const auto text : {"5_0"sv, "_5"sv, "1_000"sv}) expect_refused(text);
}

TEST(faults_a, row_05_other_notations) {
    for (const auto text : {"5h"sv, "5e1"sv, "5.0"sv, "5,5"sv, "5x"sv, "5'0"sv, ".5"sv, ",5"sv}) {
        expect_refused(text);
    }
    for (const auto text : {"0x5"sv, "0b1"sv, "0o7"sv}) expect_refused(text);
    for (const auto text : {"x5"sv, "e1"sv, "Infinity"sv, "NaN"sv}) {
        expect_refused(text, errc::frame_syntax);
    }
}

TEST(faults_a, row_06_digits_of_other_scripts) {
    for (const auto text : {"\xD9\xA5"sv, "\xEF\xBC\x95"sv, "\xC2\xB2"sv, "\xE0\xA5\xAB"sv,
                            "\xF0\x9D\x9F\x9D"sv, "5\xD9\xA5"sv}) {
        expect_refused(text);
    }
}

TEST(faults_a, row_07_only_padding) {
    expect_refused(std::string(10, ' '));
    expect_refused(std::string(10, '\0'), errc::frame_syntax);
}

TEST(faults_a, row_08_leading_zeros_in_the_form_that_is_padded_with_blanks) {
    const auto framing = framing_of("digits:3,pad=space");
    for (const char* header : {"05 ", "005", "00 ", "000", "01 "}) {
        EXPECT_EQ(read_whole(framing.decoder(), header),
                  (reading{.error = errc::frame_length_syntax, .error_offset = 1}))
            << header;
    }
    EXPECT_EQ(read_whole(framing.decoder(), "0  "), (reading{.frames = {{"", 0}}}));
    EXPECT_EQ(read_whole(framing_of("digits:3").decoder(), "002hi"),
              (reading{.frames = {{"hi", 0}}}));
}

TEST(faults_a, row_09_overflowing_lengths) {
    for (const auto length :
         {"4294967295"sv, "4294967296"sv, "4294967301"sv, "9223372036854775807"sv,
          "9223372036854775808"sv, "18446744073709551614"sv, "18446744073709551615"sv,
          "18446744073709551616"sv, "18446744073709551621"sv, "36893488147419103237"sv,
          "99999999999999999999"sv, "100000000000000000000000000000000000005"sv}) {
        for (const auto width : {length.size(), length.size() + 7}) {
            for (const std::uint64_t most : {5ULL, 4294967294ULL}) {
                const auto header = std::string(width - length.size(), '0') + std::string(length);
                const auto framing = framing_of("digits:" + std::to_string(width));
                const reading expected{.error = errc::frame_too_large, .error_offset = 0};
                EXPECT_EQ(read_whole(framing.decoder(most), header + "Hello"), expected) << header;
                EXPECT_EQ(read_byte_by_byte(framing.decoder(most), header + "Hello"), expected);
            }
        }
    }
}

// The largest bound there is, and the lengths next to it: nothing may wrap.
TEST(faults_a, row_09_overflow_check_at_its_own_border) {
    const auto framing = framing_of("digits:20");
    const auto refused = [&](std::string_view header) {
        stream_reader reader(framing.decoder());
        return !reader.feed(header);
    };
    EXPECT_FALSE(refused("18446744073709551613"));
    EXPECT_FALSE(refused("18446744073709551614"));
    EXPECT_TRUE(refused("18446744073709551615"));
    EXPECT_TRUE(refused("18446744073709551616"));
    EXPECT_TRUE(refused("18446744073709551620"));
    EXPECT_TRUE(refused("20000000000000000000"));
}

TEST(faults_a, row_10_a_megabyte_of_digits) {
    const std::string flood(1'000'000, '9');
    for (const char* spec : {"digits:10", "digits:255", "digits:64,pad=space"}) {
        stream_reader reader(framing_of(spec).decoder(16 * 1024 * 1024));
        EXPECT_FALSE(reader.feed(flood));
        EXPECT_EQ(reader.decoder().failure().code, errc::frame_too_large);
        EXPECT_LE(reader.decoder().offset(), 8U);
        EXPECT_LT(reader.decoder().failure().words.size(), 200U);
    }
}

TEST(faults_a, row_10_a_megabyte_of_zeros_is_no_header) {
    stream_reader reader(framing_of("digits:10,pad=space").decoder());
    EXPECT_FALSE(reader.feed(std::string(1'000'000, '0')));
    EXPECT_EQ(reader.decoder().failure().code, errc::frame_length_syntax);
    EXPECT_EQ(reader.decoder().failure().offset, 1U);
}

TEST(faults_a, row_11_digits_with_something_behind) {
    for (const auto text : {"5abc"sv, "0000000005"sv.substr(0, 9)}) {
        EXPECT_EQ(read_whole(framing_of("digits:10").decoder(), std::string(text) + "x").error,
                  errc::frame_length_syntax);
    }
    expect_refused("5abc"sv);
    expect_refused("5:"sv);  // after the 9 in ASCII: a digit to code that only subtracts
    expect_refused("5/"sv);
}

TEST(faults_a, row_12_nul_and_line_ends_in_a_header) {
    for (const auto text : {"5\0"sv, "5\r"sv, "5\n"sv, "5\r\n"sv, "5\0\0\0"sv})
        expect_refused(text);
    expect_refused("\0005"sv, errc::frame_syntax);
}

TEST(faults_a, row_13_a_second_length) {
    expect_refused("5 5 "sv);
    expect_refused("5,5"sv);
    expect_refused("5;5"sv);
}

TEST(faults_a, row_14_empty_frames_are_frames) {
    EXPECT_EQ(read_whole(framing_of("digits:2").decoder(), "000000"),
              (reading{.frames = {{"", 0}, {"", 2}, {"", 4}}}));
    EXPECT_EQ(read_whole(framing_of("digits:2,max=0").decoder(), "00"),
              (reading{.frames = {{"", 0}}}));
}

TEST(faults_a, row_15_and_16_exactly_the_bound_and_one_more) {
    for (const std::size_t most : {1U, 9U, 10U, 4096U}) {
        const auto framing = framing_of("digits:5,max=" + std::to_string(most));
        std::string stream;
        ASSERT_TRUE(framing.encode(std::string(most, 'x'), stream));
        EXPECT_EQ(read_whole(framing.decoder(), stream).frames.size(), 1U);
        std::string larger;
        ASSERT_TRUE(framing_of("digits:5").encode(std::string(most + 1, 'x'), larger));
        stream_reader reader(framing.decoder());
        EXPECT_FALSE(reader.feed(larger));
        EXPECT_LE(reader.decoder().offset(), 5U);  // of the payload nothing was read
        EXPECT_NE(reader.decoder().failure().words.find(std::to_string(most)), std::string::npos);
    }
}

TEST(faults_a, row_18_all_segmentations_of_two_frames) {
    const std::string stream = "0005Hello0003abc";
    const auto expected = frame_oracle{.width = 4}.read(stream);
    ASSERT_EQ(expected.frames.size(), 2U);
    const auto decoder = framing_of("digits:4").decoder();
    for (std::size_t cuts = 0; cuts < std::size_t{1} << (stream.size() - 1); ++cuts) {
        ASSERT_EQ(read_cut_by(decoder, stream, cuts), expected) << cuts;
    }
}

TEST(faults_a, row_19_a_million_tiny_frames_and_half_of_the_next) {
    constexpr std::size_t frames = 1'000'000;
    std::string stream;
    for (std::size_t i = 0; i < frames; ++i) stream += {'1', static_cast<char>('a' + i % 26)};
    stream += '3';
    auto decoder = framing_of("digits:1").decoder();
    bytes input = stream;
    std::size_t count = 0;
    for (; decoder.next(input).what == step::piece; ++count) {
        ASSERT_EQ(decoder.frame_offset(), 2 * count);
    }
    EXPECT_EQ(count, frames);
    EXPECT_TRUE(input.empty());
    EXPECT_EQ(decoder.phase(), frame_phase::payload);
}

TEST(faults_a, row_24_other_protocols_on_our_port) {
    for (const auto text : {"GET / HTTP/1.1\r\n"sv, "SSH-2.0-OpenSSH_9.2\r\n"sv,
                            "\x16\x03\x01\x02\x00\x01\x00"sv, "\0\0\0\x85\xFFSMBr\0\0"sv,
                            "\xFF\xFF\xFF\xFF"sv, "\0\0\0\0"sv, "EHLO example.org\r\n"sv}) {
        const auto all = read_whole(framing_of("digits:10").decoder(), text);
        EXPECT_EQ(all, (reading{.error = errc::frame_syntax, .error_offset = 0})) << text;
    }
}

TEST(faults_a, row_30_what_cannot_be_framed_sends_nothing) {
    const auto expect_nothing = [](const char* spec, bytes payload, errc expected) {
        std::string out = "as it was";
        const auto failed = framing_of(spec).encode(payload, out);
        ASSERT_FALSE(failed) << spec;
        EXPECT_EQ(failed.error(), expected) << spec;
        EXPECT_EQ(out, "as it was") << spec;
    };
    expect_nothing("digits:1", "ten bytes.", errc::frame_too_large);
    expect_nothing("digits:2,pad=space", std::string(100, 'x'), errc::frame_too_large);
    expect_nothing("digits:5", std::string(100'000, 'x'), errc::frame_too_large);
    expect_nothing("digits:10,max=4", "Hello", errc::frame_too_large);
    expect_nothing("digits:10,count=chars,max=4", "\xC3\xA9\xC3\xA9\xC3\xA9",
                   errc::frame_too_large);
    expect_nothing("digits:10,count=chars", "\xFF", errc::frame_utf8);
    expect_nothing("fixed:4", "Hello", errc::frame_wrong_size);
}

// A payload that is announced first and sent in pieces is held to the same bound.
TEST(faults_a, row_30_what_cannot_be_framed_is_not_announced_either) {
    std::string out = "as it was";
    for (const char* spec : {"digits:1", "digits:10,max=9", "digits:10,count=chars,max=9"}) {
        const auto failed = framing_of(spec).begin(10, out);
        ASSERT_FALSE(failed) << spec;
        EXPECT_EQ(failed.error(), errc::frame_too_large);
        EXPECT_EQ(out, "as it was");
    }
}

TEST(faults_a, row_32_payloads_that_look_like_headers) {
    for (const std::string payload :
         {"0000000005Hello", "-0000000001", "5 ", "\r\n\r\n", "\x1b[2J", "\xC0\xAF", "\xFF\xFE"}) {
        std::string stream;
        ASSERT_TRUE(framing_of("digits:10").encode(payload, stream));
        ASSERT_TRUE(framing_of("digits:10").encode(payload, stream));
        EXPECT_EQ(read_whole(framing_of("digits:10").decoder(), stream),
                  (reading{.frames = {{payload, 0}, {payload, 10 + payload.size()}}}));
    }
}

TEST(faults_a, row_36_nothing_changes_after_an_error) {
    for (const auto stream : {"+5"sv, "x"sv, "99"sv, "02\xFF"sv}) {
        auto decoder = framing_of("digits:2,count=chars,max=9").decoder();
        bytes input = stream;
        while (decoder.next(input).what != step::failed) ASSERT_FALSE(input.empty());
        const auto message = decoder.failure().message();
        const auto offset = decoder.offset();
        for (const auto more : {"05Hello"sv, ""sv, "+"sv}) {
            input = more;
            EXPECT_EQ(decoder.next(input).what, step::failed);
            EXPECT_EQ(input, more);
            EXPECT_EQ(decoder.failure().message(), message);
            EXPECT_EQ(decoder.offset(), offset);
        }
    }
}

}  // namespace
}  // namespace framewire::faults_a_tests
