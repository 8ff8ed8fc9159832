#include "framewire/transcript/replay.hpp"

#include "framewire/transcript/transcript.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::replay_tests {
namespace {

transcript conversation(const std::string& text) {
    auto parsed = transcript::parse(text);
    EXPECT_TRUE(parsed) << parsed.error().message();
    return *parsed;
}

// Why it differs; empty if it does not.
std::string difference(const std::string& text, cutting how = in_one_piece{}) {
    const auto same = replay(conversation(text), how);
    return same ? "" : same.error().message();
}

std::string any_difference(const std::string& text) {
    const auto same = replay_every_way(conversation(text));
    return same ? "" : same.error().message();
}

TEST(replay, finds_no_difference_where_there_is_none) {
    const std::string text =
        "framing digits:2\n"
        "< \"05Hello0\"\n"
        "= frame \"Hello\" at 0\n"
        "> \"05Hello\"\n"
        "< \"2hi\"\n"
        "= frame \"hi\" at 7\n"
        "< eof\n"
        "= finished\n";
    EXPECT_EQ(difference(text, as_written{}), "");
    EXPECT_EQ(difference(text, in_one_piece{}), "");
    EXPECT_EQ(difference(text, byte_by_byte{}), "");
    for (std::size_t position = 0; position < 20; ++position) {
        EXPECT_EQ(difference(text, cut_at{position}), "");
    }
    EXPECT_EQ(any_difference(text), "");
}

TEST(replay, finds_a_wrong_event) {
    EXPECT_EQ(
        difference("framing digits:2\n< \"02hi\"\n= frame \"ho\" at 0\n"),
        "line 3: expected 'frame \"ho\" at 0', but the session reported 'frame \"hi\" at 0'");
    EXPECT_EQ(
        difference("framing digits:2\n< \"02hi\"\n= frame \"hi\" at 1\n"),
        "line 3: expected 'frame \"hi\" at 1', but the session reported 'frame \"hi\" at 0'");
    EXPECT_EQ(difference("framing digits:2\n< \"02hi\"\n= finished\n"),
              "line 3: expected 'finished', but the session reported 'frame \"hi\" at 0'");
    EXPECT_NE(difference("framing digits:2\n< \"+5\"\n= failed frame.syntax at 0\n"), "");
    EXPECT_NE(difference("framing digits:2\n< \"+5\"\n= failed frame.length_syntax at 1\n"), "");
    EXPECT_NE(difference("framing digits:2\n< \"+5\"\n= failed\n"), "");
}

TEST(replay, finds_an_event_that_is_missing) {
    EXPECT_EQ(difference("framing digits:2\n< \"02hi\"\n= frame \"hi\" at 0\n= finished\n"),
              "line 4: expected 'finished', but the session reported 'nothing'");
    EXPECT_EQ(difference("framing digits:2\n< \"02h\"\n= frame \"h\" at 0\n"),
              "line 3: expected 'frame \"h\" at 0', but the session reported 'nothing'");
}

TEST(replay, finds_an_event_that_nobody_expected) {
    EXPECT_EQ(difference("framing digits:2\n< \"02hi02ho\"\n= frame \"hi\" at 0\n"),
              "line 3: expected 'nothing more', but the session reported 'frame \"ho\" at 4'");
    EXPECT_EQ(difference("framing digits:2\n< \"02hi\"\n"),
              "line 2: expected 'nothing more', but the session reported 'frame \"hi\" at 0'");
    EXPECT_NE(difference("framing digits:2\n< eof\n"), "");
    EXPECT_NE(difference("framing digits:2\n< \"0\"\n@ 5s\n"), "");
}

TEST(replay, finds_an_event_at_the_wrong_time) {
    EXPECT_NE(difference("framing digits:2\n< \"0\"\n@ 4s\n= failed io.timeout_header at 1\n"),
              "");
    EXPECT_NE(difference("framing digits:2\n< \"02hi\"\n< eof\n= frame \"hi\" at 0\n= finished\n"),
              "");
    EXPECT_EQ(difference("framing digits:2\n< \"0\"\n@ 5s\n= failed io.timeout_header at 1\n"),
              "");
}

TEST(replay, compares_the_words_of_an_error_where_there_are_some) {
    const std::string text =
        "framing digits:2\n< \"+5\"\n"
        "= failed frame.length_syntax at 0";
    const std::string right = ": \"+5\" where 2 bytes of decimal digits were expected\n";
    EXPECT_EQ(difference(text + "\n"), "");
    EXPECT_EQ(difference(text + right), "");
    EXPECT_EQ(any_difference(text + right), "");
    EXPECT_NE(difference(text + ": something else\n"), "");
    EXPECT_NE(any_difference(text + ": something else\n"), "");
    EXPECT_EQ(difference(text + ": something else\n", byte_by_byte{}), "");
}

TEST(replay, finds_replies_that_are_no_frames) {
    EXPECT_EQ(
        difference("framing digits:2\n> \"02hi\"\n> \"xx\"\n"),
        "line 3: expected 'frames of the framing', but the session reported 'failed frame.syntax "
        "at 4: \"xx\" where 2 bytes of decimal digits were expected'");
    EXPECT_NE(difference("framing digits:2\n> \"05Hell\"\n"), "");
    EXPECT_NE(difference("framing digits:2\n> \"0\"\n"), "");
    EXPECT_NE(difference("framing fixed:4\n> \"Hello\"\n"), "");
    EXPECT_NE(difference("framing digits:2,max=4\n> \"05Hello\"\n"), "");
    EXPECT_NE(difference("framing digits:2,count=chars\n> \"01\" ff\n"), "");
}

TEST(replay, finds_replies_that_the_framing_would_not_write) {
    EXPECT_EQ(difference("framing digits:2,max=4,oversize=skip\n> \"02hi\"\n> \"05Hello\"\n"),
              "line 3: expected '\"02hi05Hello\"', but the session reported '\"02hi\"'");
    EXPECT_EQ(difference("framing digits:2\n> \"02\"\n> \"hi05He\"\n> \"llo\"\n"), "");
}

TEST(replay, raw_is_replayed_as_written) {
    const std::string text =
        "framing raw\n"
        "< \"Hi\"\n"
        "< \"there\"\n"
        "= frame \"Hi\" at 0\n"
        "= frame \"there\" at 2\n";
    EXPECT_EQ(any_difference(text), "");
    EXPECT_NE(difference(text, in_one_piece{}), "");
}

TEST(replay, moves_the_clock_of_the_session) {
    const std::string begin = "framing digits:2\n< \"05Hel\"\n@ 29s\n";
    EXPECT_EQ(any_difference(begin + "< \"lo\"\n= frame \"Hello\" at 0\n"), "");
    EXPECT_EQ(any_difference(begin + "@ 1s\n= failed io.timeout_body at 5\n"), "");
}

// As long as anything that can be written is replayed as it was meant.
TEST(replay, survives_a_clock_that_jumps) {
    for (const char* jump : {"1000000h", "2562048h", "9223372036854775807ms"}) {
        const auto parsed = transcript::parse("framing digits:2\n< \"0\"\n@ " + std::string(jump) +
                                              "\n= failed io.timeout_header at 1\n");
        if (!parsed) continue;  // to refuse it is as good
        const auto same = replay_every_way(*parsed);
        EXPECT_TRUE(same) << same.error().message();
    }
}

TEST(replay, an_empty_conversation_is_one) {
    EXPECT_EQ(any_difference("framing digits:2\n"), "");
    EXPECT_EQ(any_difference("framing digits:2\n< eof\n= finished\n"), "");
}

TEST(replay, replies_are_of_the_framing_of_their_place) {
    const std::string before = "framing digits:1,first=line,reply=u8\\,first=line\n";
    EXPECT_EQ(any_difference(before + "> \"a\\n\" 01 \"b\"\n"), "");
    EXPECT_NE(any_difference(before + "> 01 \"b\"\n"), "");
    EXPECT_NE(any_difference(before + "> \"a\\n1b\"\n"), "");
    const std::string after = before + "> \"a\\n\"\nframing digits:2\n> \"01c\"\n";
    EXPECT_EQ(any_difference(after), "");
    EXPECT_NE(any_difference(after + "> 01 \"d\"\n"), "");
}

TEST(replay, a_framing_changes_where_its_line_is) {
    const std::string text =
        "framing digits:1\n< \"1a\"\n= frame \"a\" at 0\nframing line\n< \"1b\\n\"\n"
        "= frame \"1b\" at 2\n";
    EXPECT_EQ(any_difference(text), "");
    EXPECT_EQ(any_difference(text + "framing raw\n< \"c\"\n= frame \"c\" at 5\n"), "");
    EXPECT_NE(any_difference("framing digits:1\n< \"1a\"\nframing line\n= frame \"a\" at 0\n"),
              "");
}

}  // namespace
}  // namespace framewire::replay_tests
