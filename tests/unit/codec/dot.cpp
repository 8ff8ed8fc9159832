#include "framewire/codec/dot.hpp"

#include "readings.hpp"
#include "refused_spec.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::dot_tests {
namespace {

using tests::encoded;
using tests::failure;
using tests::frames;
using tests::message;
using tests::read;
using tests::refusal;
using tests::truncation;

// RFC 1939, section 3; RFC 5321, section 4.5.2.
TEST(dot, frames_look_like_this) {
    EXPECT_EQ(encoded("dot", ""), ".\r\n");
    EXPECT_EQ(encoded("dot", "Hi\r\n.\r\n..x\r\n"), "Hi\r\n..\r\n...x\r\n.\r\n");
    EXPECT_EQ(read("dot", "Hi\r\n..\r\n...x\r\n.\r\n.\r\n\r\n.\r\n"),
              frames({{"Hi\r\n.\r\n..x\r\n", 0}, {"", 17}, {"\r\n", 20}}));
    EXPECT_EQ(read("dot", "a.b\r\n.\r\n"), frames({{"a.b\r\n", 0}}));
}

TEST(dot, lines_may_end_with_lf) {
    EXPECT_EQ(encoded("dot,eol=lf", "a\r\n.b\n"), "a\r\n..b\n.\n");
    EXPECT_EQ(read("dot,eol=lf", "load\r\n..b\n.\n.\n"), frames({{"load\r\n.b\n", 0}, {"", 12}}));
    EXPECT_EQ(read("dot,eol=lf", ".\r\n"), failure(errc::frame_syntax, 1));
}

// What one end takes for the end of a message must be that of the other.
TEST(dot, what_could_be_read_in_two_ways_is_refused) {
    EXPECT_EQ(read("dot", "a\n.\r\n"), failure(errc::frame_syntax, 1));
    EXPECT_EQ(read("dot", "a\r\n.\n"), failure(errc::frame_syntax, 4));
    EXPECT_EQ(read("dot", "a\r.\r\n"), failure(errc::frame_syntax, 2));
    EXPECT_EQ(read("dot", "\n"), failure(errc::frame_syntax, 0));
    EXPECT_EQ(read("dot", ".\r.\r\n"), failure(errc::frame_syntax, 2));
    EXPECT_EQ(read("dot", ".x\r\n"), failure(errc::frame_syntax, 1));
    EXPECT_EQ(message("dot", ".x"),
              R"(frame.syntax at 1: "x" after a dot that begins a line and is not doubled)");
    EXPECT_EQ(message("dot", "ab\n"), R"(frame.syntax at 2: "\n" without a CR before it)");
    EXPECT_EQ(message("dot", "ab\rc"),
              R"(frame.syntax at 3: "c" after a CR, where "\n" was expected)");
    EXPECT_EQ(refusal("dot", "a\nb\r\n"), errc::frame_delimiter);
    EXPECT_EQ(refusal("dot", "a\rb\r\n"), errc::frame_delimiter);
    EXPECT_EQ(refusal("dot", "\r\r\n"), errc::frame_delimiter);
    EXPECT_EQ(refusal("dot", "a"), errc::frame_wrong_size);
    EXPECT_EQ(refusal("dot", "a\r\nb\r"), errc::frame_wrong_size);
    EXPECT_EQ(refusal("dot,eol=lf", "a"), errc::frame_wrong_size);
}

TEST(dot, says_what_is_missing) {
    EXPECT_EQ(truncation("dot", "a\r\n."),
              "frame.truncated at 4: the stream ended after 3 bytes of payload, without "
              "\".\\r\\n\": \"a\\r\\n.\"");
    for (const char* stream : {"a", "a\r", ".", ".\r", "a\r\n"}) {
        EXPECT_TRUE(truncation("dot", stream).starts_with("frame.truncated at")) << stream;
    }
}

TEST(dot, bounds_hold_for_the_lines_as_they_are_meant) {
    EXPECT_EQ(read("dot,max=3", "..\r\n.\r\n"), frames({{".\r\n", 0}}));
    EXPECT_EQ(read("dot,max=3", "ab\r\n.\r\n"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("dot,max=3,oversize=skip", "ab\r\n.\r\na\r\n.\r\n"),
              frames({{"", 0, true}, {"a\r\n", 7}}));
}

TEST(dot, its_lines_end_in_one_of_two_ways) {
    tests::expect_refused({{"dot,eol=any", 8, "crlf or lf"}});
    EXPECT_EQ(encoded("dot,eol=crlf", "a\r\n"), "a\r\n.\r\n");
    EXPECT_EQ(tests::framing_of("dot").describe().eol, line_ends::crlf);
    EXPECT_EQ(tests::framing_of("dot,eol=lf").describe().eol, line_ends::lf);
}

}  // namespace
}  // namespace framewire::dot_tests
