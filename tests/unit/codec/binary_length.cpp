#include "framewire/codec/binary_length.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace framewire::binary_length_tests {
namespace {

using namespace std::string_view_literals;
using tests::begun;
using tests::encoded;
using tests::failure;
using tests::frames;
using tests::framing_of;
using tests::message;
using tests::read;
using tests::reading;
using tests::refusal;
using tests::refusal_to_begin;
using tests::stream_reader;
using tests::truncation;

TEST(binary_length, writes_the_length_in_its_order) {
    EXPECT_EQ(begun("u8", 0x12), "\x12"sv);
    EXPECT_EQ(begun("u16be", 0x1234), "\x12\x34"sv);
    EXPECT_EQ(begun("u16le", 0x1234), "\x34\x12"sv);
    EXPECT_EQ(begun("u24be", 0x123456), "\x12\x34\x56"sv);
    EXPECT_EQ(begun("u24le", 0x123456), "\x56\x34\x12"sv);
    EXPECT_EQ(begun("u32be", 0x123456F8), "\x12\x34\x56\xF8"sv);
    EXPECT_EQ(begun("u32le", 0x123456F8), "\xF8\x56\x34\x12"sv);
    EXPECT_EQ(begun("u64be", 0xF23456789ABCDE01), "\xF2\x34\x56\x78\x9A\xBC\xDE\x01"sv);
    EXPECT_EQ(begun("u64le", 0xF23456789ABCDE01), "\x01\xDE\xBC\x9A\x78\x56\x34\xF2"sv);
}

TEST(binary_length, reads_frame_after_frame) {
    EXPECT_EQ(read("u8", "\5Hello\0\2hi"sv), frames({{"Hello", 0}, {"", 6}, {"hi", 7}}));
    EXPECT_EQ(read("u16be", "\0\5Hello\0\0\0\2hi"sv), frames({{"Hello", 0}, {"", 7}, {"hi", 9}}));
    EXPECT_EQ(read("u16le", "\5\0Hello\0\0\2\0hi"sv), frames({{"Hello", 0}, {"", 7}, {"hi", 9}}));
    EXPECT_EQ(read("u24be", "\0\0\5Hello\0\0\2hi"sv), frames({{"Hello", 0}, {"hi", 8}}));
    EXPECT_EQ(read("u24le", "\5\0\0Hello\2\0\0hi"sv), frames({{"Hello", 0}, {"hi", 8}}));
    EXPECT_EQ(read("u32be", "\0\0\0\5Hello\0\0\0\2hi"sv), frames({{"Hello", 0}, {"hi", 9}}));
    EXPECT_EQ(read("u32le", "\5\0\0\0Hello\2\0\0\0hi"sv), frames({{"Hello", 0}, {"hi", 9}}));
    EXPECT_EQ(read("u64be", "\0\0\0\0\0\0\0\2hi\0\0\0\0\0\0\0\1x"sv),
              frames({{"hi", 0}, {"x", 10}}));
    EXPECT_EQ(read("u64le", "\2\0\0\0\0\0\0\0hi\1\0\0\0\0\0\0\0x"sv),
              frames({{"hi", 0}, {"x", 10}}));
}

TEST(binary_length, what_stands_around_may_be_anything_and_is_sent_as_zeros) {
    EXPECT_EQ(encoded("u16be,offset=3,trailer=2", "hi"), "\0\0\0\0\2hi\0\0"sv);
    EXPECT_EQ(encoded("u8,trailer=255", ""), std::string(256, '\0'));
    EXPECT_EQ(encoded("u8,offset=255", ""), std::string(256, '\0'));
    EXPECT_EQ(read("u16be,offset=3,trailer=2", "\xFFzz\0\2hi\0\xFF\0\0\0\0\0ab"sv),
              frames({{"hi", 0}, {"", 9}}));
    EXPECT_EQ(read("u8,trailer=1", "\1a\1\0\2\1b\3"sv), frames({{"a", 0}, {"", 3}, {"b", 5}}));
}

TEST(binary_length, the_payload_may_begin_before_its_length) {
    EXPECT_EQ(encoded("u16be,lead=4", "\1\2\0\0\x09hello"sv), "\1\2\0\0\0\6\x09hello"sv);
    EXPECT_EQ(read("u16be,lead=4", "\1\2\0\0\0\3abc\1\3\0\0\0\0\1\4\0\0\0\1d"sv),
              frames({{{"\1\2\0\0abc", 7}, 0}, {{"\1\3\0\0", 4}, 9}, {{"\1\4\0\0d", 5}, 15}}));
    EXPECT_EQ(encoded("u32be,lead=1,adjust=-4", "QSELECT"), "Q\0\0\0\x0aSELECT"sv);
    EXPECT_EQ(read("u32be,lead=1,adjust=-4", "S\0\0\0\4Q\0\0\0\5x"sv),
              frames({{"S", 0}, {"Qx", 5}}));
    EXPECT_EQ(encoded("u8,magic=ab,lead=2,trailer=1", "12345"), "ab12\003345\0"sv);
    EXPECT_EQ(read("u8,magic=ab,lead=2,trailer=1", "ab12\0zab34\0015z"sv),
              frames({{"12", 0}, {"345", 6}}));
    EXPECT_EQ(encoded("u8,lead=0", "a"), "\1a"sv);
}

TEST(binary_length, a_lead_is_a_piece_of_its_own) {
    auto decoder = framing_of("u8,lead=2,trailer=1").decoder();
    bytes input("ab\1cz", 5);
    EXPECT_EQ(decoder.next(input), (decoded{step::piece, {"ab", 3, true, false}}));
    EXPECT_EQ(decoder.announced(), 3U);
    EXPECT_EQ(decoder.next(input), (decoded{step::piece, {"c", 3, false, true}}));
    for (const bytes part : {"d"sv, "e"sv}) {
        input = part;
        EXPECT_EQ(decoder.next(input).what, step::need_more);
    }
    input = {"\0z", 2};
    EXPECT_EQ(decoder.next(input), (decoded{step::piece, {"de", 2, true, false}}));
    EXPECT_EQ(decoder.next(input), (decoded{step::piece, {"", 2, false, true}}));
}

TEST(binary_length, a_lead_counts_as_payload_and_not_in_the_length) {
    EXPECT_EQ(refusal("u16be,lead=4", "abc"), errc::frame_wrong_size);
    EXPECT_EQ(refusal("u16be,lead=4", "abcd"), std::nullopt);
    EXPECT_EQ(refusal("u8,lead=2", std::string(257, 'x')), std::nullopt);
    EXPECT_EQ(refusal("u8,lead=2", std::string(258, 'x')), errc::frame_too_large);
    EXPECT_EQ(refusal_to_begin("u8,lead=2", 1), errc::frame_wrong_size);
    EXPECT_EQ(read("u8,lead=2,max=3", "ab\1cab\2cd"),
              failure(errc::frame_too_large, 4, {{"abc", 0}}));
    EXPECT_EQ(read("u8,lead=2,max=3,oversize=skip", "ab\2cdef\1g"),
              frames({{"", 0, true}, {"efg", 5}}));
    EXPECT_EQ(read("u8,lead=2,adjust=-2", "ab\1"), failure(errc::frame_length_syntax, 2));
    EXPECT_EQ(truncation("u8,lead=2", "ab\3c"),
              "frame.truncated at 4: was expecting 5 bytes but only received 3 bytes before the "
              "socket closed");
}

TEST(binary_length, magic_must_stand_where_it_is_expected) {
    const auto* const spec = R"(u8,magic=ab\x00,offset=4)";
    EXPECT_EQ(encoded(spec, "hi"), "ab\0\0\2hi"sv);
    EXPECT_EQ(read(spec, "ab\0z\2hiab\0\xFF\1x"sv), frames({{"hi", 0}, {"x", 7}}));
    EXPECT_EQ(read(spec, "bb\0z\2hi"sv), failure(errc::frame_syntax, 0));
    EXPECT_EQ(read(spec, "aB\0z\2hi"sv), failure(errc::frame_syntax, 1));
    EXPECT_EQ(read(spec, "ab\1z\2hi"sv), failure(errc::frame_syntax, 2));
    EXPECT_EQ(read(spec, "ab\0z\1hxb"sv), failure(errc::frame_syntax, 6, {{"h", 0}}));
    EXPECT_EQ(begun("u8,magic=0123456789abcdef", 9), "0123456789abcdef\x09"sv);
}

TEST(binary_length, tpkt_counts_its_header_too) {
    EXPECT_EQ(encoded("tpkt", "hello"), "\3\0\0\x09hello"sv);
    EXPECT_EQ(read("tpkt", "\3\0\0\4\3\0\0\x06hi"sv), frames({{"", 0}, {"hi", 4}}));
    EXPECT_EQ(read("tpkt", "\3\0\0\3"sv), failure(errc::frame_length_syntax, 2));
    EXPECT_EQ(read("tpkt", "\3\1\0\4"sv), failure(errc::frame_syntax, 1));
}

TEST(binary_length, a_negative_payload_is_wrong_where_its_length_stands) {
    EXPECT_EQ(read("u8,adjust=-2", "\2\1"sv), failure(errc::frame_length_syntax, 1, {{"", 0}}));
    EXPECT_EQ(read("u16be,offset=3,adjust=-256", "zzz\1\0zzz\0\xFF"sv),
              failure(errc::frame_length_syntax, 8, {{"", 0}}));
    EXPECT_EQ(read("u8,adjust=-2,oversize=skip", "\1"sv), failure(errc::frame_length_syntax, 0));
}

// Both are decided by the length's last byte.
TEST(binary_length, errors_wait_for_the_whole_length) {
    for (const char* spec : {"u32be,adjust=-5,max=9", "u32le,adjust=-5,max=9"}) {
        stream_reader reader(framing_of(spec).decoder());
        EXPECT_TRUE(reader.feed("\xFF\xFF\xFF"));
        EXPECT_FALSE(reader.feed("\xFF"));
        EXPECT_EQ(reader.decoder().failure().code, errc::frame_too_large);
        EXPECT_EQ(reader.decoder().failure().offset, 0U);
    }
    stream_reader reader(framing_of("u32be,adjust=-5").decoder());
    EXPECT_TRUE(reader.feed("\0\0\0"sv));
    EXPECT_FALSE(reader.feed("\4"));
    EXPECT_EQ(reader.decoder().failure().code, errc::frame_length_syntax);
}

TEST(binary_length, refuses_to_write_what_does_not_fit) {
    EXPECT_EQ(refusal("u8", std::string(255, 'x')), std::nullopt);
    EXPECT_EQ(refusal("u8", std::string(256, 'x')), errc::frame_too_large);
    EXPECT_EQ(refusal("u8,adjust=5", "Hello"), std::nullopt);
    EXPECT_EQ(refusal("u8,adjust=5", "Hell"), errc::frame_wrong_size);
    EXPECT_EQ(refusal("u8,adjust=-1", std::string(254, 'x')), std::nullopt);
    EXPECT_EQ(refusal("u8,adjust=-1", std::string(255, 'x')), errc::frame_too_large);
    EXPECT_EQ(refusal("u8,adjust=+1", std::string(256, 'x')), std::nullopt);
    EXPECT_EQ(refusal("u8,magic=ab,offset=9,trailer=3,max=4", "Hello"), errc::frame_too_large);
    EXPECT_EQ(refusal_to_begin("u16be,magic=ab", 65'536), errc::frame_too_large);
    EXPECT_EQ(refusal_to_begin("u24le,offset=9", 16'777'216), errc::frame_too_large);
    EXPECT_EQ(refusal_to_begin("u32be", 4'294'967'296), errc::frame_too_large);
}

TEST(binary_length, says_the_length_that_it_waits_for) {
    auto decoder = framing_of("u16be").decoder();
    EXPECT_EQ(decoder.announced(), unknown_length);
    bytes input(
        "\0\x03"
        "a",
        3);
    (void)decoder.next(input);
    EXPECT_EQ(decoder.announced(), 3U);
    input = "bc";
    (void)decoder.next(input);
    EXPECT_EQ(decoder.announced(), unknown_length);
}

TEST(binary_length, knows_where_it_stands) {
    stream_reader reader(framing_of("u16be,offset=2,trailer=3").decoder());
    const auto expect = [&](bytes input, frame_phase phase, std::uint64_t offset,
                            std::uint64_t frame, std::uint64_t wanted) {
        EXPECT_TRUE(reader.feed(input));
        EXPECT_EQ(reader.decoder().phase(), phase) << offset;
        EXPECT_EQ(reader.decoder().offset(), offset);
        EXPECT_EQ(reader.decoder().frame_offset(), frame) << offset;
        EXPECT_EQ(reader.wanted(), wanted) << offset;
    };
    expect("", frame_phase::between_frames, 0, 0, 4);
    expect("z", frame_phase::header, 1, 0, 3);
    expect("z\0"sv, frame_phase::header, 3, 0, 1);
    expect("\2", frame_phase::payload, 4, 0, 2);
    expect("a", frame_phase::payload, 5, 0, 1);
    expect("b", frame_phase::payload, 6, 0, 3);
    expect("tt", frame_phase::payload, 8, 0, 1);
    expect("t", frame_phase::between_frames, 9, 0, 4);
    expect("zz\0\0tt"sv, frame_phase::payload, 15, 9, 1);
}

TEST(binary_length, says_what_was_expected) {
    EXPECT_EQ(message(R"(u8,magic=\x03\x00)", "\3z"),
              "frame.syntax at 1: \"\\x03z\" where \"\\x03\\x00\" and a length were expected");
    EXPECT_EQ(message("u8,offset=1,adjust=-4", "z\3"),
              "frame.length_syntax at 1: \"z\\x03\" where a length of at least 4 were expected");
    EXPECT_EQ(message("u8,max=4", "\5"),
              "frame.too_large at 0: \"\\x05\" announces more than the 4 bytes allowed");
    EXPECT_EQ((binary_header{binary_number{.width = 3}}.expectation()), "a length of 3 bytes");
}

TEST(binary_length, says_what_is_missing_at_the_end) {
    EXPECT_EQ(truncation("u32be,offset=1", "z\0"sv),
              "frame.truncated at 2: the stream ended after 2 of 5 header bytes: \"z\\x00\"");
    EXPECT_EQ(truncation("u8,trailer=2", "\5Hel"),
              "frame.truncated at 4: was expecting 5 bytes but only received 3 bytes before the "
              "socket closed");
    EXPECT_EQ(truncation("u8,trailer=2", "\2hi\n"),
              "frame.truncated at 4: the stream ended before the frame's last byte");
}

TEST(binary_length, what_is_skipped_ends_behind_its_trailer) {
    EXPECT_EQ(read("u8,trailer=2,max=2,oversize=skip", "\3abctt\2hitt\3abct"sv),
              failure(errc::frame_truncated, 16, {{"", 0, true}, {"hi", 6}}));
    EXPECT_EQ(read("u8,offset=1,adjust=-1,max=0,oversize=skip", "z\1z\2az\1"sv),
              frames({{"", 0}, {"", 2, true}, {"", 5}}));
}

}  // namespace
}  // namespace framewire::binary_length_tests
