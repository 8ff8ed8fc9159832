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

}  // namespace
}  // namespace framewire::stuffed_tests
