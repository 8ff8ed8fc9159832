// What all framings with an announced length have in common: the options around it, and what they
// make of its value.

#include "framewire/codec/announced.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <string_view>

namespace framewire::announced_tests {
namespace {

using namespace std::string_view_literals;
using tests::encoded;
using tests::failure;
using tests::frames;
using tests::framing_of;
using tests::message;
using tests::read;
using tests::refusal;
using tests::refusal_to_begin;

std::string explained(std::string_view spec, bytes header) {
    return framing_of(spec).describe_header(header);
}

TEST(announced, every_length_takes_what_surrounds_it) {
    EXPECT_EQ(encoded("digits:4,lead=2,adjust=-4", "abcde"), "ab0007cde");
    EXPECT_EQ(encoded("hex:4,adjust=-4", "hello"), "0009hello");
    EXPECT_EQ(encoded("hex:2,magic=#", std::string(171, 'x')), "#ab" + std::string(171, 'x'));
    EXPECT_EQ(encoded("bcd:2", std::string(171, 'x')), "\x01\x71" + std::string(171, 'x'));
    EXPECT_EQ(encoded("varint:4,lead=1", "\x30pub"), "\x30\3pub");
    EXPECT_EQ(encoded("u48be,end=z", "hi"), "\0\0\0\0\0\2hiz"sv);
    EXPECT_EQ(encoded("u40le,offset=1,trailer=1", "hi"), "\0\2\0\0\0\0hi\0"sv);
    EXPECT_EQ(encoded("digits:4,pad=left-space", "hi"), "   2hi");
    EXPECT_EQ(read("varint:4,lead=1", "\x30\3pub\xC0\0"sv), frames({{"\x30pub", 0}, {"\xC0", 5}}));
}

TEST(announced, hexadecimal_digits_have_two_cases) {
    EXPECT_EQ(read("hex:2", "0ahello, wor0Ahello, wor"),
              frames({{"hello, wor", 0}, {"hello, wor", 12}}));
    for (const char wrong : {'g', 'G', '@', '`', '/', ':', ' '}) {
        EXPECT_EQ(read("hex:2", std::string("0") + wrong), failure(errc::frame_length_syntax, 1));
    }
    EXPECT_EQ(read("hex:2", "x"), failure(errc::frame_syntax, 0));
    EXPECT_EQ(read("hex:16,max=9", "000000000000000A"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(refusal_to_begin("hex:2", 256), errc::frame_too_large);
    EXPECT_EQ(message("hex:2", "0x"),
              "frame.length_syntax at 1: \"0x\" where 2 hexadecimal digits were expected");
}

TEST(announced, packed_digits_are_two_in_a_byte) {
    EXPECT_EQ(read("bcd:1", "\x02hi\x10hello, wor"), frames({{"hi", 0}, {"hello, wor", 3}}));
    for (const char wrong : {'\x0A', '\xA0', '\xFF', '\x9A', '\xA9'}) {
        EXPECT_EQ(read("bcd:2", std::string("\0", 1) + wrong),
                  failure(errc::frame_length_syntax, 1));
    }
    EXPECT_EQ(read("bcd:1,max=9", "\x10"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("bcd:1,max=0", "\x10"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(refusal_to_begin("bcd:1", 99), std::nullopt);
    EXPECT_EQ(refusal_to_begin("bcd:1", 100), errc::frame_too_large);
    EXPECT_EQ(message("bcd:2", "\x0A"),
              "frame.length_syntax at 0: \"\\n\" where 2 bytes of two decimal digits each were "
              "expected");
}

TEST(announced, spaces_before_digits_are_strict) {
    EXPECT_EQ(read("digits:3,pad=left-space", "  2hi  0"), frames({{"hi", 0}, {"", 5}}));
    for (const auto* const wrong : {" 02", "  x", "1 2", "00"}) {
        EXPECT_EQ(read("digits:3,pad=left-space", wrong).error, errc::frame_length_syntax)
            << wrong;
    }
    EXPECT_EQ(read("digits:3,pad=left-space", "   "), failure(errc::frame_length_syntax, 2));
    EXPECT_EQ(message("digits:3,pad=left-space", " x"),
              "frame.length_syntax at 1: \" x\" where 3 bytes of decimal digits after spaces were "
              "expected");
}

TEST(announced, varints_may_be_narrow_and_need_not_be_short) {
    EXPECT_EQ(read("varint:2", "\x80\x80"), failure(errc::frame_length_syntax, 1));
    EXPECT_EQ(read("varint:3", "\x81\0"sv), failure(errc::frame_length_syntax, 1));
    EXPECT_EQ(read("varint:3,form=any", "\x81\x80\0a"sv), frames({{"a", 0}}));
    EXPECT_EQ(read("varint:3,form=shortest", "\x81\0"sv), failure(errc::frame_length_syntax, 1));
    EXPECT_EQ(read("varint:3,form=any", "\x81\x80\x80"), failure(errc::frame_length_syntax, 2));
    EXPECT_EQ(refusal_to_begin("varint:2", 16'383), std::nullopt);
    EXPECT_EQ(refusal_to_begin("varint:2", 16'384), errc::frame_too_large);
    EXPECT_EQ(
        message("varint:4,form=any", "\x80\x80\x80\x80"),
        "frame.length_syntax at 3: \"\\x80\\x80\\x80\\x80\" where at most 4 bytes of a varint "
        "were expected");
}

TEST(announced, a_length_that_is_too_small_says_the_least) {
    EXPECT_EQ(message("hex:4,adjust=-4", "0003"),
              "frame.length_syntax at 0: \"0003\" where a length of at least 4 were expected");
    EXPECT_EQ(message("hex:4,adjust=-4", "000x"),
              "frame.length_syntax at 3: \"000x\" where 4 hexadecimal digits were expected");
}

TEST(announced, an_end_is_sent_and_checked) {
    EXPECT_EQ(encoded("u8,end=ab", "hi"), "\2hiab");
    EXPECT_EQ(read("u8,end=ab", "\2hiab\0ab"sv), frames({{"hi", 0}, {"", 5}}));
    EXPECT_EQ(read("u8,end=ab", "\2hiac"), failure(errc::frame_syntax, 4));
    EXPECT_EQ(read("u8,end=ab", "\2hixb"), failure(errc::frame_syntax, 3));
    EXPECT_EQ(message("u8,end=ab", "\0aa"sv),
              "frame.syntax at 2: \"a\" where the frame should end");
}

TEST(announced, a_length_may_mean_that_there_is_none) {
    auto decoder = framing_of("hex:4,adjust=-4,idle=0-3").decoder();
    bytes input = "000000020005a0004";
    EXPECT_EQ(decoder.next(input),
              (decoded{step::piece, {.announced = 0, .idle = true, .field = 0}}));
    EXPECT_EQ(decoder.next(input),
              (decoded{step::piece, {.announced = 0, .idle = true, .field = 2}}));
    EXPECT_EQ(decoder.next(input), (decoded{step::piece, {"a", 1}}));
    const auto empty = decoder.next(input);
    EXPECT_EQ(empty, (decoded{step::piece, {"", 0}}));
    EXPECT_NE(empty, (decoded{step::piece, {.announced = 0, .idle = true}}));
    EXPECT_NE(empty, decoder.next(input));
    EXPECT_NE(decoder.next(input), (decoded{.wanted = 1}));
    std::string out;
    ASSERT_TRUE(framing_of("hex:4,adjust=-4,idle=0-3").encode_idle(1, out));
    ASSERT_TRUE(framing_of("u32be,magic=ES,idle=4294967295").encode_idle(0xFFFFFFFF, out));
    EXPECT_EQ(out, "0001ES\xFF\xFF\xFF\xFF");
    for (const auto* const spec : {"hex:4,adjust=-4,idle=0-3", "u8", "line"}) {
        const auto done = framing_of(spec).encode_idle(4, out);
        ASSERT_FALSE(done) << spec;
        EXPECT_EQ(done.error(), errc::frame_wrong_size);
    }
    EXPECT_EQ(out, "0001ES\xFF\xFF\xFF\xFF");
    EXPECT_EQ(refusal("u8,idle=3", "abc"), errc::frame_wrong_size);
    EXPECT_EQ(refusal("u8,idle=3", "abcd"), std::nullopt);
}

TEST(announced, some_bits_may_be_no_length) {
    EXPECT_EQ(read(R"(u16be,magic=\xD3,mask=03ff,adjust=3)", "\xD3\xFC\1abcd\xD3\0\0abc"sv),
              frames({{"abcd", 0}, {"abc", 7}}));
    EXPECT_EQ(encoded(R"(u16be,magic=\xD3,mask=03ff,adjust=3)", "abcd"), "\xD3\0\1abcd"sv);
    EXPECT_EQ(refusal_to_begin("u16be,mask=03ff", 1023), std::nullopt);
    EXPECT_EQ(refusal_to_begin("u16be,mask=03ff", 1024), errc::frame_too_large);
}

TEST(announced, fragments_are_one_payload) {
    constexpr auto more = "u8,mask=7,more=80";
    EXPECT_EQ(encoded(more, "0123456"),
              "\7"
              "0123456");
    EXPECT_EQ(encoded(more, "01234567"),
              "\x87"
              "0123456\1"
              "7");
    EXPECT_EQ(encoded(more, ""), "\0"sv);
    EXPECT_EQ(read(more,
                   "\x83"
                   "abc\x80\x81"
                   "d\2ef\1g"),
              frames({{"abcdef", 0}, {"g", 10}}));
    EXPECT_EQ(read(more, "\x80\x80\0\x80\1x"sv), frames({{"", 0}, {"x", 3}}));
    constexpr auto last = "u8,mask=7,last=8,adjust=-2";
    EXPECT_EQ(encoded(last, "01234567"),
              "\7"
              "01234\x0D"
              "567");
    EXPECT_EQ(read(last,
                   "\2\7"
                   "01234\x0D"
                   "567\x0A"),
              frames({{"01234567", 0}, {"", 11}}));
    EXPECT_EQ(read(last, "\4ab\1"), failure(errc::frame_length_syntax, 3));
}

TEST(announced, a_full_frame_continues_in_the_next) {
    EXPECT_EQ(encoded("u8,mask=3,join=full", "ab"), "\2ab");
    EXPECT_EQ(encoded("u8,mask=3,join=full", "abc"), "\3abc\0"sv);
    EXPECT_EQ(encoded("u8,mask=3,join=full", "abcd"), "\3abc\1d");
    EXPECT_EQ(read("u8,mask=3,join=full", "\3abc\0\1d\3efg\3hij\1k"sv),
              frames({{"abc", 0}, {"d", 5}, {"efghijk", 7}}));
    // What is left is less than a frame has.
    EXPECT_EQ(refusal("u8,mask=3,adjust=1,join=full", "abcd"), errc::frame_wrong_size);
    EXPECT_EQ(encoded("u8,mask=3,adjust=1,join=full", "abcde"), "\3abcd\0e"sv);
}

TEST(announced, fragments_are_bounded_together) {
    EXPECT_EQ(read("u8,mask=7,more=80,max=4",
                   "\x83"
                   "abc\2de"),
              failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("u8,mask=7,more=80,max=4",
                   "\x83"
                   "abc\1d"),
              frames({{"abcd", 0}}));
    EXPECT_EQ(read("u8,mask=7,more=80,max=4,oversize=skip",
                   "\x83"
                   "abc\x82"
                   "de\2fg\1h")
                  .frames.back(),
              (tests::reading::frame{"h", 10}));
    auto decoder = framing_of("u8,mask=7,more=80,max=4,oversize=skip").decoder();
    for (bytes input =
             "\x83"
             "abc\x82"
             "de\2fg";
         !input.empty();) {
        const auto found = decoder.next(input);
        EXPECT_EQ(found.what, input.empty() ? step::skipped : step::piece);
        EXPECT_EQ(found.piece.announced, input.empty() ? 7 : unknown_length);
    }
    // Pieces that are gone cannot be taken back.
    auto other =
        framing_of("u8,mask=7,more=80,max=4,oversize=skip").decoder(unknown_length - 1, 3);
    bytes input =
        "\x83"
        "abc\x82";
    EXPECT_EQ(other.next(input).what, step::piece);
    EXPECT_EQ(other.next(input).what, step::failed);
    EXPECT_EQ(other.failure().code, errc::frame_too_large);
}

TEST(announced, the_length_of_a_fragment_is_not_that_of_the_payload) {
    auto decoder = framing_of("u8,mask=7,more=80").decoder();
    bytes input =
        "\x83"
        "a";
    EXPECT_EQ(decoder.next(input).piece.announced, unknown_length);
    EXPECT_EQ(decoder.announced(), unknown_length);
    input = "bc";
    (void)decoder.next(input);
    EXPECT_EQ(decoder.phase(), frame_phase::header);
    EXPECT_EQ(decoder.next(input).wanted, 1U);
}

TEST(announced, a_header_is_explained) {
    EXPECT_EQ(explained("u16be,mask=03ff,adjust=3", "\xFC\1"),
              "fc 01 = 64513, of which 1 are the length, + adjust 3");
    EXPECT_EQ(explained("u16be,mask=03ff", "\2\1"), "02 01");
    EXPECT_EQ(explained("u16be,mask=03ff", "\xFC\1"), "fc 01 = 64513, of which 1 are the length");
    EXPECT_EQ(explained("varint:4,lead=1", "\x30\3"), "after 30: 03");
    EXPECT_EQ(explained("hex:4", "001e"), "001e in hexadecimal = 30");
    EXPECT_EQ(explained("bcd:2", "\x01\x71"), "01 71");
    EXPECT_EQ(explained("digits:4", "0012"), "");
    EXPECT_EQ(explained("digits:4,adjust=-4", "0012"), "0012 = 12, + adjust -4");
    EXPECT_EQ(explained("netstring", "5:"), "");
}

}  // namespace
}  // namespace framewire::announced_tests
