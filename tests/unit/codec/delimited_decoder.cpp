#include "framewire/codec/detail/delimited_decoder.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <initializer_list>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace framewire::delimited_decoder_tests {
namespace {

using namespace std::string_view_literals;
using tests::failure;
using tests::framing_of;
using tests::message;
using tests::read;
using tests::stream_reader;
using tests::truncation;

// A CR or the like at the bound may be the terminator's beginning: then nothing is too large.
TEST(delimited_decoder, is_too_large_at_the_byte_that_is_known_to_be_too_many) {
    const auto goes_on = [](std::string_view spec, bytes stream) {
        stream_reader reader(framing_of(spec).decoder());
        for (const char& byte : stream) {
            if (reader.feed(bytes(&byte, 1))) continue;
            EXPECT_EQ(reader.decoder().failure().code, errc::frame_too_large);
            return false;
        }
        return true;
    };
    EXPECT_TRUE(goes_on("line,max=2", "ab\r"));
    EXPECT_TRUE(goes_on("line,max=2", "ab\r\n"));
    EXPECT_FALSE(goes_on("line,max=2", "ab\r\r"));
    EXPECT_FALSE(goes_on("line,max=2", "abc"));
    EXPECT_TRUE(goes_on("delimiter:aab,max=2", "xyaa"));
    EXPECT_FALSE(goes_on("delimiter:aab,max=2", "xyaaa"));
    EXPECT_FALSE(goes_on("delimiter:aab,max=2", "xyab"));
    EXPECT_TRUE(goes_on("mllp,max=0", "\x0B\x1C\r\x0B\x1C"));
    EXPECT_FALSE(goes_on("mllp,max=0", "\x0B\r"));
}

TEST(delimited_decoder, says_where_the_frame_began_that_is_too_large) {
    EXPECT_EQ(read("line,max=2", "ab\nabc\n"), failure(errc::frame_too_large, 3, {{"ab", 0}}));
    EXPECT_EQ(read("mllp,max=2",
                   "\x0B"
                   "ab\x1C\r\x0B"
                   "abc"),
              failure(errc::frame_too_large, 5, {{"ab", 0}}));
    EXPECT_EQ(read("line", "ab\nabc\n", 2), failure(errc::frame_too_large, 3, {{"ab", 0}}));
    for (const auto& [spec, first_too_many] :
         {std::pair{"line,max=2", 2U}, {"mllp,max=2", 3U}, {"delimiter:end,max=2", 2U}}) {
        stream_reader reader(framing_of(spec).decoder());
        EXPECT_FALSE(
            reader.feed("\x0B"
                        "abcdefgh"));
        EXPECT_EQ(reader.decoder().offset(), first_too_many) << spec;
    }
}

TEST(delimited_decoder, says_how_long_a_skipped_payload_was) {
    for (const auto& [spec, stream, size] :
         {std::tuple{"line,max=2,oversize=skip", "abc\r\n"sv, 3U},
          {"line,max=2,oversize=skip", "ab\r\r\n"sv, 3U},
          {"mllp,max=2,oversize=skip", "\x0B\r\r\r\x1C\r"sv, 3U},
          {"delimiter:aab,max=2,oversize=skip", "aaaaab"sv, 3U},
          {"delimiter:aab,max=2,oversize=skip", "xxxxxxxxxaab"sv, 9U}}) {
        for (const std::size_t chunk : {1U, 2U, 3U, 20U}) {
            auto decoder = framing_of(spec).decoder();
            auto found = decoded{};
            for (auto rest = stream; found.what != step::skipped;) {
                ASSERT_FALSE(rest.empty());
                auto input = rest.substr(0, chunk);
                rest.remove_prefix(input.size());
                do found = decoder.next(input);
                while (found.what == step::piece);
            }
            EXPECT_EQ(found.piece.announced, size) << spec;
            EXPECT_TRUE(found.piece.payload.empty());
        }
    }
}

// Bytes that were held back and turn out to be payload are not in the next chunk.
TEST(delimited_decoder, hands_on_what_it_held_back) {
    auto decoder = framing_of("delimiter:aab").decoder();
    bytes input = "xa";
    EXPECT_EQ(decoder.next(input).piece.payload, "x");
    EXPECT_EQ(decoder.next(input).what, step::need_more);
    input = "xa";
    const auto held = decoder.next(input);
    EXPECT_EQ(held.piece.payload, "a");
    EXPECT_FALSE(held.piece.first);
    EXPECT_EQ(input, "xa");
    EXPECT_EQ(decoder.next(input).piece.payload, "x");
    EXPECT_EQ(decoder.next(input).what, step::need_more);
    input = "ab1";
    const auto last = decoder.next(input);
    EXPECT_EQ(last.piece.payload, "");
    EXPECT_TRUE(last.piece.last);
    EXPECT_EQ(input, "1");
}

TEST(delimited_decoder, announces_nothing) {
    auto decoder = framing_of("line").decoder();
    bytes input = "ab";
    EXPECT_EQ(decoder.next(input).piece.announced, unknown_length);
    input = "\n";
    EXPECT_EQ(decoder.next(input).piece.announced, unknown_length);
}

TEST(delimited_decoder, knows_where_it_stands) {
    stream_reader reader(framing_of("mllp").decoder());
    const auto expect = [&](bytes input, frame_phase phase, std::uint64_t offset,
                            std::uint64_t frame, std::uint64_t wanted) {
        EXPECT_TRUE(reader.feed(input));
        EXPECT_EQ(reader.decoder().phase(), phase) << offset;
        EXPECT_EQ(reader.decoder().offset(), offset);
        EXPECT_EQ(reader.decoder().frame_offset(), frame) << offset;
        EXPECT_EQ(reader.wanted(), wanted) << offset;
    };
    expect("", frame_phase::between_frames, 0, 0, 1);
    expect("\x0B", frame_phase::payload, 1, 0, 2);
    expect("ab", frame_phase::payload, 3, 0, 2);
    expect("\x1C", frame_phase::payload, 4, 0, 1);
    expect("\r", frame_phase::between_frames, 5, 0, 1);
    expect("\x0Bx", frame_phase::payload, 7, 5, 2);
}

TEST(delimited_decoder, says_what_was_seen) {
    EXPECT_EQ(message("mllp", "+5"), "frame.syntax at 0: \"+5\" where \"\\x0b\" was expected");
    EXPECT_EQ(message("line,max=4", "+5+5+"),
              "frame.too_large at 0: \"+5+5+\" is not ended by \"\\n\" within the 4 bytes "
              "allowed");
    EXPECT_EQ(truncation("line", "ab\nHel"),
              "frame.truncated at 6: the stream ended after 3 bytes of payload, without \"\\n\": "
              "\"Hel\"");
    EXPECT_EQ(truncation("mllp", "\x0BHel\x1C"),
              "frame.truncated at 5: the stream ended after 3 bytes of payload, without "
              "\"\\x1c\\r\": \"\\x0bHel\\x1c\"");
}

TEST(delimited_decoder, words_gather_what_arrived_in_pieces) {
    stream_reader reader(framing_of("delimiter:aab,max=4").decoder());
    for (const char* piece : {"x", "a", "a", "a", "x"}) reader.feed(piece);
    EXPECT_EQ(reader.decoder().failure().words,
              "\"xaaax\" is not ended by \"aab\" within the 4 bytes allowed");
}

TEST(delimited_decoder, words_are_those_of_the_frame_that_is_wrong) {
    const auto words = [](std::string_view spec, std::initializer_list<bytes> pieces) {
        stream_reader reader(framing_of(spec).decoder());
        for (const auto piece : pieces) reader.feed(piece);
        EXPECT_EQ(reader.so_far().error, errc::frame_too_large);
        return reader.decoder().failure().words;
    };
    const std::string line = " is not ended by \"\\n\" within the 4 bytes allowed";
    EXPECT_EQ(words("line,max=4", {"a", "b\n", "+5", "+5+5"}), "\"+5+5+5\"" + line);
    EXPECT_EQ(words("line,max=4", {"a", "b\n+5", "+5\r", "+5\n"}), "\"+5+5\\r+5\\n\"" + line);
    EXPECT_EQ(words("line,max=4", {"+5+5+\n"}), "\"+5+5+\\n\"" + line);
    EXPECT_EQ(words("line,max=4", {"+5+", "5+\n+6"}), "\"+5+5+\\n+6\"" + line);
}

TEST(delimited_decoder, fails_for_good) {
    for (const auto& [spec, stream] :
         {std::pair{"line,max=2", "abc"}, {"mllp", "abc"}, {"delimiter:x,max=0", "a"}}) {
        auto decoder = framing_of(spec).decoder();
        bytes input = stream;
        while (decoder.next(input).what != step::failed) ASSERT_FALSE(input.empty());
        const auto message = decoder.failure().message();
        const auto offset = decoder.offset();
        for (const bytes more : {"\n", "\x0B\x1C\r", "x", ""}) {
            input = more;
            EXPECT_EQ(decoder.next(input).what, step::failed);
            EXPECT_EQ(input, more);
            EXPECT_EQ(decoder.failure().message(), message);
            EXPECT_EQ(decoder.offset(), offset);
        }
    }
}

}  // namespace
}  // namespace framewire::delimited_decoder_tests
