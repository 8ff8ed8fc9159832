#include "framewire/codec/detail/prefixed_decoder.hpp"

#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::prefixed_decoder_tests {
namespace {

using tests::framing_of;
using tests::read_cut_at;
using tests::read_whole;
using tests::reading;
using tests::stream_reader;

TEST(prefixed_decoder, says_how_many_bytes_are_wanted) {
    stream_reader reader(framing_of("digits:10").decoder());
    EXPECT_TRUE(reader.feed(""));
    EXPECT_EQ(reader.wanted(), 10U);
    EXPECT_TRUE(reader.feed("000"));
    EXPECT_EQ(reader.wanted(), 7U);
    EXPECT_TRUE(reader.feed("0000005"));
    EXPECT_EQ(reader.wanted(), 5U);
    EXPECT_TRUE(reader.feed("Hel"));
    EXPECT_EQ(reader.wanted(), 2U);
    EXPECT_TRUE(reader.feed("lo"));
    EXPECT_EQ(reader.wanted(), 10U);
}

TEST(prefixed_decoder, wants_a_byte_more_inside_the_last_character) {
    stream_reader reader(framing_of("digits:1,count=chars").decoder());
    EXPECT_TRUE(reader.feed("2a\xC3"));
    EXPECT_EQ(reader.wanted(), 1U);
    EXPECT_EQ(reader.decoder().phase(), frame_phase::payload);
    EXPECT_TRUE(reader.feed("\xA9"));
    EXPECT_EQ(reader.decoder().phase(), frame_phase::between_frames);
}

TEST(prefixed_decoder, knows_where_it_stands) {
    stream_reader reader(framing_of("digits:2").decoder());
    const auto expect = [&](frame_phase phase, std::uint64_t offset, std::uint64_t frame) {
        EXPECT_EQ(reader.decoder().phase(), phase);
        EXPECT_EQ(reader.decoder().offset(), offset);
        EXPECT_EQ(reader.decoder().frame_offset(), frame);
    };
    expect(frame_phase::between_frames, 0, 0);
    reader.feed("0");
    expect(frame_phase::header, 1, 0);
    reader.feed("3");
    expect(frame_phase::payload, 2, 0);
    reader.feed("ab");
    expect(frame_phase::payload, 4, 0);
    reader.feed("c");
    expect(frame_phase::between_frames, 5, 0);
    reader.feed("000");
    expect(frame_phase::header, 8, 7);
}

TEST(prefixed_decoder, hands_on_pieces_with_their_marks) {
    auto decoder = framing_of("digits:1").decoder();
    const auto next = [&](bytes input) { return decoder.next(input).piece; };
    const auto first = next("6ab");
    EXPECT_EQ(first.payload, "ab");
    EXPECT_TRUE(first.first && !first.last);
    EXPECT_EQ(first.announced, 6U);
    const auto middle = next("cd");
    EXPECT_TRUE(!middle.first && !middle.last);
    const auto last = next("ef");
    EXPECT_TRUE(!last.first && last.last);
    EXPECT_EQ(last.announced, 6U);
    EXPECT_TRUE(next("2hi").whole());
}

TEST(prefixed_decoder, skips_what_is_too_large_and_stays_in_step) {
    const auto framing = framing_of("digits:2,max=3,oversize=skip");
    const std::string stream =
        "03abc04abcd050202002hi00"
        "12twelve bytes01z";
    const reading expected{.frames = {{"abc", 0},
                                      {"", 5, true},
                                      {"", 11, true},
                                      {"hi", 18},
                                      {"", 22},
                                      {"", 24, true},
                                      {"z", 38}}};
    EXPECT_EQ(read_whole(framing.decoder(), stream), expected);
    for (std::size_t cut = 1; cut < stream.size(); ++cut) {
        ASSERT_EQ(read_cut_at(framing.decoder(), stream, cut), expected) << cut;
    }
}

TEST(prefixed_decoder, a_skipped_frame_says_what_it_announced) {
    auto decoder = framing_of("digits:2,max=3,oversize=skip").decoder();
    bytes input = "12twelve bytes";
    const auto found = decoder.next(input);
    EXPECT_EQ(found.what, step::skipped);
    EXPECT_EQ(found.piece.announced, 12U);
    EXPECT_TRUE(found.piece.payload.empty());
}

TEST(prefixed_decoder, the_end_of_the_stream_in_a_skipped_frame_is_truncation) {
    const auto framing = framing_of("digits:2,max=3,oversize=skip");
    EXPECT_EQ(read_whole(framing.decoder(), "12twelve"),
              (reading{.error = errc::frame_truncated, .error_offset = 8}));
}

TEST(prefixed_decoder, skipped_characters_must_still_be_characters) {
    const auto framing = framing_of("digits:1,count=chars,max=2,oversize=skip");
    EXPECT_EQ(read_whole(framing.decoder(),
                         "3\xC3\xA9\xC3\xA9\xC3\xA9"
                         "1x"),
              (reading{.frames = {{"", 0, true}, {"x", 7}}}));
    EXPECT_EQ(read_whole(framing.decoder(),
                         "3a\xFF"
                         "b"),
              (reading{.error = errc::frame_utf8, .error_offset = 2}));
}

TEST(prefixed_decoder, characters_that_outgrow_the_bound_are_skipped_where_frames_are) {
    const auto framing = framing_of("digits:1,count=chars,max=3,oversize=skip");
    EXPECT_EQ(read_whole(framing.decoder(),
                         "2\xC3\xA9\xC3\xA9"
                         "1x"),
              (reading{.frames = {{"", 0, true}, {"x", 5}}}));
}

TEST(prefixed_decoder, a_length_that_no_number_holds_is_not_skipped) {
    const auto framing = framing_of("digits:20,max=3,oversize=skip");
    EXPECT_EQ(read_whole(framing.decoder(), "99999999999999999999"),
              (reading{.error = errc::frame_too_large, .error_offset = 0}));
    EXPECT_EQ(read_whole(framing.decoder(), "18446744073709551615"),
              (reading{.error = errc::frame_too_large, .error_offset = 0}));
}

TEST(prefixed_decoder, a_large_skipped_frame_costs_no_more_than_it_brings) {
    stream_reader reader(framing_of("digits:19,max=3,oversize=skip").decoder());
    EXPECT_TRUE(reader.feed("9223372036854775807"));
    const std::string chunk(100'000, 'x');
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(reader.feed(chunk));
    EXPECT_EQ(reader.wanted(), 9'223'372'036'854'775'807U - 10'000'000U);
    EXPECT_EQ(reader.so_far(), reading{});
}

TEST(prefixed_decoder, is_too_large_at_the_digit_that_makes_it_so) {
    for (const auto& [stream, wrong] :
         {std::pair{"0064", false}, {"0065", true}, {"65", true}, {"10", false}, {"100", true}}) {
        stream_reader reader(framing_of("digits:4,max=64").decoder());
        EXPECT_EQ(reader.feed(stream), !wrong) << stream;
    }
    stream_reader reader(framing_of("digits:4,max=64").decoder());
    EXPECT_TRUE(reader.feed("006"));
    EXPECT_FALSE(reader.feed("5xxx"));
    EXPECT_EQ(reader.decoder().failure().code, errc::frame_too_large);
    EXPECT_EQ(reader.decoder().failure().offset, 0U);
}

TEST(prefixed_decoder, errors_say_what_was_seen_and_what_was_expected) {
    stream_reader syntax(framing_of("digits:10").decoder());
    syntax.feed("00000+5Hello");
    EXPECT_EQ(syntax.decoder().failure().message(),
              "frame.length_syntax at 5: \"00000+5Hello\" where 10 bytes of decimal digits were "
              "expected");
    stream_reader large(framing_of("digits:4,max=64").decoder());
    large.feed("0002hi9999");
    EXPECT_EQ(large.decoder().failure().message(),
              "frame.too_large at 6: \"9999\" announces more than the 64 bytes allowed");
    stream_reader limit(framing_of("digits:4,max=64").decoder());
    limit.feed("0065");
    EXPECT_EQ(limit.decoder().failure().message(),
              "frame.too_large at 0: \"0065\" announces more than the 64 bytes allowed");
    stream_reader text(framing_of("digits:2,count=chars").decoder());
    text.feed(
        "02a\xFF"
        "bcdefgh");
    EXPECT_EQ(text.decoder().failure().message(),
              "frame.utf8 at 3: \"\\xffbcd\"... is not UTF-8, and this framing counts characters");
}

TEST(prefixed_decoder, words_gather_what_arrived_in_pieces) {
    stream_reader reader(framing_of("digits:10").decoder());
    for (const char* piece : {"0", "0", "0", "x"}) reader.feed(piece);
    EXPECT_EQ(reader.decoder().failure().words,
              "\"000x\" where 10 bytes of decimal digits were expected");
}

TEST(prefixed_decoder, words_are_those_of_the_header_that_is_wrong) {
    stream_reader reader(framing_of("digits:4").decoder());
    for (const char* piece : {"00", "02h", "i+", "005"}) reader.feed(piece);
    EXPECT_EQ(reader.decoder().failure().words,
              "\"+\" where 4 bytes of decimal digits were expected");
    stream_reader later(framing_of("digits:4").decoder());
    for (const char* piece : {"00", "02h", "i0", "0+5"}) later.feed(piece);
    EXPECT_EQ(later.decoder().failure().words,
              "\"00+5\" where 4 bytes of decimal digits were expected");
}

TEST(prefixed_decoder, truncation_says_what_is_missing) {
    stream_reader header(framing_of("digits:10").decoder());
    header.feed("0000");
    EXPECT_EQ(header.decoder().truncation().message(),
              "frame.truncated at 4: the stream ended after 4 of 10 header bytes: \"0000\"");
    stream_reader characters(framing_of("digits:2,count=chars").decoder());
    characters.feed("05\xC3\xA9\xC3");
    EXPECT_EQ(characters.decoder().truncation().message(),
              "frame.truncated at 5: was expecting 5 characters but only received 1 characters "
              "before the socket closed");
    stream_reader in_bytes(framing_of("digits:2,count=chars").decoder());
    in_bytes.feed("06h\xC3\xA9llo");
    EXPECT_EQ(in_bytes.decoder().truncation().message(),
              "frame.truncated at 8: was expecting 6 characters but only received 5 characters "
              "before the socket closed");
}

// Above what a caller holds, a length that begins like a protocol is none.
TEST(prefixed_decoder, refuses_another_protocol_as_soon_as_its_header_is_read) {
    const auto refused = [](std::string_view spec, const std::vector<bytes>& reads) {
        stream_reader reader(framing_of(spec).decoder(unknown_length - 1, 64 * 1024));
        for (const auto read : reads) {
            if (!reader.feed(read)) return reader.decoder().failure().message();
        }
        return std::string("not");
    };
    EXPECT_EQ(refused("u32be", {"GET / HTTP"}),
              "frame.too_large at 0: \"GET / HTTP\" announces 1195725856 bytes; looks like an "
              "HTTP request");
    EXPECT_EQ(refused("u32be", {"OP", "TIONS"}),
              "frame.too_large at 0: \"OPTIONS\" announces 1330664521 bytes; looks like text "
              "without a header");
    EXPECT_EQ(refused("u32be", {"SSH-"}),
              "frame.too_large at 0: \"SSH-\" announces 1397966893 bytes; looks like an SSH "
              "banner");
    EXPECT_EQ(refused("u32be", {bytes("\0\0\0\1aGET ", 9)}),
              "frame.too_large at 5: \"GET \" announces 1195725856 bytes; looks like an HTTP "
              "request");
    const auto whole = "GET " + std::string(0x15420, 'x');
    EXPECT_EQ(refused("u32be,mask=1ffff", {whole}),
              "frame.too_large at 0: \"GET xxxxxxxxxxxxxxxxxxxxxxxxxxxx\" announces 87072 bytes; "
              "looks like an HTTP request");
    EXPECT_EQ(refused("u32be", {"Hello"}), "not");
    EXPECT_EQ(refused("u32be,max=4GiB", {"GET / HTTP"}), "not");
    EXPECT_EQ(refused("u16be", {"GET / HTTP"}), "not");
}

}  // namespace
}  // namespace framewire::prefixed_decoder_tests
