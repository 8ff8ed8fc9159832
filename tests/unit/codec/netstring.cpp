#include "framewire/codec/decimal.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::netstring_tests {
namespace {

using tests::encoded;
using tests::failure;
using tests::frames;
using tests::framing_of;
using tests::message;
using tests::read;
using tests::stream_reader;
using tests::truncation;

TEST(netstring, frames_look_like_this) {
    EXPECT_EQ(encoded("netstring", "hello"), "5:hello,");
    EXPECT_EQ(encoded("netstring", ""), "0:,");
    EXPECT_EQ(read("netstring", "5:hello,0:,12:hello, world,"),
              frames({{"hello", 0}, {"", 8}, {"hello, world", 11}}));
}

TEST(netstring, every_byte_where_the_comma_should_be) {
    for (unsigned value = 0; value < 256; ++value) {
        const auto byte = static_cast<char>(value);
        for (const std::string front : {"2:hi", "0:"}) {
            const auto stream = front + byte + "1:a,-----------";
            const auto all = read("netstring", stream);
            if (byte == ',') {
                EXPECT_EQ(all.frames.size(), 2U);
            } else {
                ASSERT_EQ(all, failure(errc::frame_syntax, front.size())) << value;
            }
        }
    }
}

TEST(netstring, what_is_skipped_must_end_with_its_comma_too) {
    EXPECT_EQ(read("netstring,max=2,oversize=skip", "3:abc,2:hi,"),
              frames({{"", 0, true}, {"hi", 6}}));
    EXPECT_EQ(read("netstring,max=2,oversize=skip", "3:abc;2:hi,"),
              failure(errc::frame_syntax, 5));
}

TEST(netstring, separates_a_wrong_length_from_no_length) {
    EXPECT_EQ(read("netstring", "x5:hello,"), failure(errc::frame_syntax, 0));
    EXPECT_EQ(read("netstring", "5x:hello,"), failure(errc::frame_length_syntax, 1));
    EXPECT_EQ(read("netstring", ":hello,"), failure(errc::frame_length_syntax, 0));
    EXPECT_EQ(read("netstring", "1:a,x"), failure(errc::frame_syntax, 4, {{"a", 0}}));
    EXPECT_EQ(read("netstring", "5 hello,"), failure(errc::frame_length_syntax, 1));
}

TEST(netstring, knows_where_it_stands) {
    stream_reader reader(framing_of("netstring").decoder());
    const auto expect = [&](bytes input, frame_phase phase, std::uint64_t offset,
                            std::uint64_t frame, std::uint64_t wanted) {
        EXPECT_TRUE(reader.feed(input));
        EXPECT_EQ(reader.decoder().phase(), phase) << offset;
        EXPECT_EQ(reader.decoder().offset(), offset);
        EXPECT_EQ(reader.decoder().frame_offset(), frame) << offset;
        EXPECT_EQ(reader.wanted(), wanted) << offset;
    };
    expect("", frame_phase::between_frames, 0, 0, 2);
    expect("2", frame_phase::header, 1, 0, 1);
    expect(":", frame_phase::payload, 2, 0, 2);
    expect("a", frame_phase::payload, 3, 0, 1);
    expect("b", frame_phase::payload, 4, 0, 1);
    expect(",", frame_phase::between_frames, 5, 0, 2);
    expect("1", frame_phase::header, 6, 5, 1);
}

TEST(netstring, says_what_was_expected_and_what_is_missing) {
    EXPECT_EQ(message("netstring", "5;hello,"),
              "frame.length_syntax at 1: \"5;hello,\" where a decimal length and \":\" were "
              "expected");
    EXPECT_EQ(message("netstring", "2:hi;1:a,"),
              "frame.syntax at 4: \";1:a\"... where the frame should end");
    EXPECT_EQ(message("netstring,max=4", "50:"),
              "frame.too_large at 0: \"50:\" announces more than the 4 bytes allowed");
    EXPECT_EQ(truncation("netstring", "12"),
              "frame.truncated at 2: the stream ended after 2 of 3 header bytes: \"12\"");
    EXPECT_EQ(truncation("netstring", "2:hi"),
              "frame.truncated at 4: the stream ended before the frame's last byte");
}

}  // namespace
}  // namespace framewire::netstring_tests
