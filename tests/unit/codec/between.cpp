#include "framewire/codec/between.hpp"

#include "readings.hpp"
#include "refused_spec.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::between_tests {
namespace {

using tests::encoded;
using tests::failure;
using tests::frames;
using tests::message;
using tests::read;
using tests::refusal;
using tests::truncation;

TEST(mllp, frames_look_like_this) {
    EXPECT_EQ(encoded("mllp", "MSH|"), "\x0BMSH|\x1C\r");
    EXPECT_EQ(encoded("mllp", ""), "\x0B\x1C\r");
    EXPECT_EQ(read("mllp", "\x0BMSH|\x1C\r\x0B\x1C\r\x0B\r\x1C\r"),
              frames({{"MSH|", 0}, {"", 7}, {"\r", 10}}));
}

TEST(mllp, every_byte_where_a_frame_should_begin) {
    for (unsigned value = 0; value < 256; ++value) {
        if (value == 0x0B) continue;
        const auto byte = static_cast<char>(value);
        EXPECT_EQ(read("mllp", byte + std::string("MSH|\x1C\r")), failure(errc::frame_syntax, 0));
        EXPECT_EQ(read("mllp", std::string("\x0B\x1C\r") + byte),
                  failure(errc::frame_syntax, 3, {{"", 0}}));
    }
}

// Two messages never become one, however the end of the first is spoiled.
TEST(mllp, what_belongs_around_a_payload_does_not_belong_inside) {
    EXPECT_EQ(read("mllp", "\x0BMSH|\r\x0BMSH|\x1C\r"), failure(errc::frame_syntax, 6));
    EXPECT_EQ(read("mllp", "\x0BMSH|\x1C\n"), failure(errc::frame_syntax, 6));
    EXPECT_EQ(message("mllp", "\x0B\x41\x0B"),
              R"(frame.syntax at 2: "\x0b" inside a payload, where "\x1c\r" must come first)");
    EXPECT_EQ(message("mllp", "\x0B\x41\x1C\x0B"),
              R"(frame.syntax at 3: "\x0b" after "\x1c", where "\r" was expected)");
    EXPECT_EQ(refusal("mllp", "\x1C\r"), errc::frame_delimiter);
    EXPECT_EQ(refusal("mllp", "a\x1C"), errc::frame_delimiter);
    EXPECT_EQ(refusal("mllp", "\r\x0B"), errc::frame_delimiter);
    EXPECT_EQ(refusal("mllp", "\r"), std::nullopt);
}

TEST(between, frames_look_like_this) {
    EXPECT_EQ(encoded(R"(between:\x02..\x03,trailer=1)", "Hi"), std::string("\x02Hi\x03\0", 5));
    EXPECT_EQ(read(R"(between:\x02..\x03,trailer=1)", "\x02Hi\x03x\x02\x03\x03"),
              frames({{"Hi", 0}, {"", 5}}));
    EXPECT_EQ(read("between:<..>", "<a><<"), failure(errc::frame_syntax, 4, {{"a", 0}}));
    EXPECT_EQ(read("between:$..$", "$a$$$"), frames({{"a", 0}, {"", 3}}));
}

TEST(between, a_longer_start_counts_only_whole) {
    EXPECT_EQ(read("between:aab..cd", "aabaacd"), frames({{"aa", 0}}));
    EXPECT_EQ(read("between:aab..cd", "aabaabcd"), failure(errc::frame_syntax, 5));
    EXPECT_EQ(read("between:aab..cd", "aabbcd"), frames({{"b", 0}}));
    EXPECT_EQ(read("between:aab..cd", "aax"), failure(errc::frame_syntax, 2));
    EXPECT_EQ(refusal("between:aab..cd", "xaab"), errc::frame_delimiter);
    EXPECT_EQ(refusal("between:aab..cd", "aabc"), errc::frame_delimiter);
    EXPECT_EQ(refusal("between:aab..cd", "bd"), std::nullopt);
}

// More than is searched for one mark before the other.
TEST(between, marks_are_found_at_every_place_in_a_long_payload) {
    for (const std::size_t at : {0U, 4094U, 4095U, 4096U, 4097U, 4099U}) {
        std::string payload(4'100, 'x');
        EXPECT_EQ(read("mllp", encoded("mllp", payload.substr(0, at))),
                  frames({{payload.substr(0, at), 0}}));
        const auto place = at + 1;
        payload[at] = '\x0B';
        EXPECT_EQ(read("mllp", "\x0B" + payload + "\x1C\r"), failure(errc::frame_syntax, place));
        EXPECT_EQ(refusal("mllp", payload), errc::frame_delimiter);
        // The first byte of another mark is nearer than the mark.
        EXPECT_EQ(read("between:a\\x0B..\x1C", "a\x0B" + payload + "\x1C"),
                  frames({{payload, 0}}));
        payload[at] = '\x1C';
        EXPECT_EQ(read("mllp", "\x0B" + payload + "\x1C\r"),
                  failure(errc::frame_syntax, place + 1));
        EXPECT_EQ(refusal("mllp", payload), errc::frame_delimiter);
    }
}

// MLLP with line ends or NUL between messages, and what a frame begins after.
TEST(between, passes_over_what_may_stand_between_frames) {
    const char* spec = R"(mllp,skip=\r\n\0)";
    EXPECT_EQ(read(spec, std::string("\r\n\x0Bhi\x1C\r\n\0\x0Bho\x1C\r\n", 16)),
              frames({{"hi", 2}, {"ho", 9}}));
    EXPECT_EQ(read(spec, "\n\nx"), failure(errc::frame_syntax, 2));
    EXPECT_EQ(message(spec, "\n\nMSH|^~\\&|A|B"),
              R"(frame.syntax at 2: "MSH|^~\\&|A|B" where "\x0b" was expected; )"
              "looks like text without a header");
}

TEST(between, says_what_is_missing) {
    EXPECT_EQ(truncation("between:ab..cd,trailer=1", "a"),
              "frame.truncated at 1: the stream ended after 0 bytes of payload, without \"cd\": "
              "\"a\"");
    for (const char* stream : {"ab", "abx", "abxc", "abxcd"}) {
        EXPECT_TRUE(truncation("between:ab..cd,trailer=1", stream).starts_with("frame.truncated"));
    }
}

TEST(between, bounds_hold_for_the_payload_alone) {
    EXPECT_EQ(read("mllp,max=2", "\x0B\x41\x42\x1C\r"), frames({{"AB", 0}}));
    EXPECT_EQ(read("mllp,max=2", "\x0B\x41\x42\x43\x1C\r"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("mllp,max=1,oversize=skip", "\x0B\x41\x42\x1C\r\x0B\x43\x1C\r"),
              frames({{"", 0, true}, {"C", 5}}));
}

TEST(between, an_end_and_a_trailer_arrive_in_any_pieces) {
    EXPECT_EQ(read("between:<..abc,trailer=3", "<hiabcxyz<ab"),
              failure(errc::frame_truncated, 12, {{"hi", 0}}));
    EXPECT_EQ(read("between:<..abc,trailer=3", "<hiabcxyz<abcxyz"), frames({{"hi", 0}, {"", 9}}));
    EXPECT_EQ(message("between:<..abc", "<hiabd"),
              R"(frame.syntax at 5: "d" after "ab", where "c" was expected)");
}

TEST(between, refuses_marks_that_no_frame_could_have) {
    constexpr auto* const marks = R"(START..END, such as \x02..\x03)";
    constexpr auto* const mark = "1 to 8 bytes";
    constexpr auto* const trailer = "0 to 255 bytes";
    tests::expect_refused({{"between", 7, marks},
                           {"between:<>", 8, marks},
                           {"between:..>", 8, marks},
                           {"between:123456789..>", 8, mark},
                           {"between:<..", 11, mark},
                           {"between:<..123456789", 11, mark},
                           {"between:<..>,trailer=", 21, trailer},
                           {"between:<..>,trailer=256", 21, trailer},
                           {"between:<..>,trailer=1B", 21, trailer},
                           {"between:<..>,skip=", 18, mark},
                           {"between:<..>,skip=123456789", 18, mark},
                           {R"(between:<..>,skip=\n<)", 18, "bytes that cannot begin a frame"}});
}

}  // namespace
}  // namespace framewire::between_tests
