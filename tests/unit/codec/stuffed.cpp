#include "framewire/codec/stuffed.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::stuffed_tests {
namespace {

using tests::encoded;
using tests::failure;
using tests::frames;
using tests::message;
using tests::read;
using tests::refusal;
using tests::truncation;

TEST(slip, frames_look_like_this) {
    EXPECT_EQ(encoded("slip", "Hi"), "\xC0Hi\xC0");
    EXPECT_EQ(encoded("slip", "a\xC0\xDB\xDC\xDD"), "\xC0\x61\xDB\xDC\xDB\xDD\xDC\xDD\xC0");
    EXPECT_EQ(read("slip", "\xC0Hi\xC0\xC0\xDB\xDC\xC0\xC0\xC0\xC0x\xDB\xDDy\xC0"),
              frames({{"Hi", 0}, {"\xC0", 4}, {"x\xDBy", 10}}));
    EXPECT_EQ(encoded("kiss", std::string("\0\xC0", 2)), std::string("\xC0\0\xDB\xDC\xC0", 5));
}

// RFC 1055 asks for the END before a frame, and older senders leave it out.
TEST(slip, the_first_end_may_be_missing) {
    EXPECT_EQ(read("slip", "Hi\xC0you\xC0"), frames({{"Hi", 0}, {"you", 3}}));
}

TEST(slip, an_escape_is_followed_by_what_it_can_mean) {
    for (unsigned value = 0; value < 256; ++value) {
        if (value == 0xDC || value == 0xDD) continue;
        const auto stream = std::string("\xC0\x61\xDB") + static_cast<char>(value);
        EXPECT_EQ(read("slip", stream), failure(errc::frame_syntax, 3)) << value;
    }
    EXPECT_EQ(message("slip", "\xC0\x61\xDB\x62"),
              R"(frame.syntax at 3: "b" after "\xdb", where "\xdc" or "\xdd" was expected)");
}

TEST(slip, an_empty_payload_cannot_be_seen) {
    EXPECT_EQ(refusal("slip", ""), errc::frame_wrong_size);
    EXPECT_EQ(tests::refusal_to_begin("slip", 0), errc::frame_wrong_size);
    EXPECT_EQ(tests::refusal_to_begin("slip", 1), std::nullopt);
    std::string out;
    auto frame = tests::framing_of("slip").begin(unknown_length, out);
    ASSERT_TRUE(frame);
    EXPECT_EQ(tests::framing_of("slip").end(*frame, out).error(), errc::frame_wrong_size);
    EXPECT_EQ(out, "\xC0");
}

TEST(slip, bounds_hold_for_what_was_sent) {
    EXPECT_EQ(read("slip,max=2", "\xC0\xDB\xDC\xDB\xDD\xC0"), frames({{"\xC0\xDB", 0}}));
    EXPECT_EQ(read("slip,max=2", "\xC0\x61\x62\xDB\xDC\xC0"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("slip,max=2,oversize=skip", "\xC0\x61\x62\xDB\xDC\xC0yes\xC0no\xC0"),
              frames({{"", 0, true}, {"", 6, true}, {"no", 10}}));
    EXPECT_EQ(truncation("slip", "\xC0\x61"),
              "frame.truncated at 2: "
              R"(the stream ended after 1 bytes of payload, without "\xc0": "a")");
}

// RFC 1662, section 4.2.
TEST(hdlc, any_byte_may_be_escaped) {
    EXPECT_EQ(encoded("hdlc", "a~}\x11"), "~a}^}]\x11~");
    EXPECT_EQ(read("hdlc", "~a}^}]}1~~}!~"), frames({{"a~}\x11", 0}, {"\x01", 9}}));
    EXPECT_EQ(read("hdlc", "~a}~"), failure(errc::frame_syntax, 3));
    EXPECT_EQ(message("hdlc", "~a}~"),
              R"(frame.syntax at 3: "~" after "}": the frame was given up)");
}

// JT/T 808, section 4.4.2: 30 7E 08 7D 55 is written 7E 30 7D 02 08 7D 01 55 7E.
TEST(jt808, frames_look_like_this) {
    EXPECT_EQ(encoded("jt808", "\x30\x7E\x08\x7D\x55"), "\x7E\x30\x7D\x02\x08\x7D\x01\x55\x7E");
    EXPECT_EQ(read("jt808", "\x7E\x30\x7D\x02\x08\x7D\x01\x55\x7E"),
              frames({{"\x30\x7E\x08\x7D\x55", 0}}));
    EXPECT_EQ(read("jt808", "\x7E\x7D\x5E\x7E"), failure(errc::frame_syntax, 2));
}

// RFC 885: IAC EOR ends a record, and IAC is doubled inside.
TEST(tn3270, records_end_with_iac_eor) {
    EXPECT_EQ(encoded("tn3270", "\xFF\xEF"), "\xFF\xFF\xEF\xFF\xEF");
    EXPECT_EQ(encoded("tn3270", ""), "\xFF\xEF");
    EXPECT_EQ(read("tn3270", "a\xFF\xEF\xFF\xEF\xFF\xFF\xEF\xFF\xEF"),
              frames({{"a", 0}, {"", 3}, {"\xFF\xEF", 5}}));
    EXPECT_EQ(read("tn3270", "\xFF\xFD\x19"), failure(errc::frame_syntax, 1));
    EXPECT_EQ(message("tn3270", "\xFF\xFD"),
              R"(frame.syntax at 1: "\xfd" after "\xff", where "\xff" or "\xef" was expected)");
    EXPECT_EQ(truncation("tn3270", "a\xFF"),
              "frame.truncated at 2: the stream ended after 1 bytes of payload, without "
              "\"\\xff\\xef\": \"a\\xff\"");
}

}  // namespace
}  // namespace framewire::stuffed_tests
