#include "trace/selection.hpp"

#include "shown_lines.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::selection_tests {
namespace {

std::string chosen(std::string_view text, const frame_selection& which) {
    return tests::lines_of(selected(tests::shown(text), which));
}

constexpr std::string_view five =
    "framing u8,reply=digits:1\n"
    "< 01 \"a\" 01\n"
    "> \"1A\"\n"
    "< \"b\" 01 \"c\"\n"
    "> \"1B1C\"\n"
    "< eof\n"
    "> eof\n";

TEST(selection, by_number_on_each_side) {
    EXPECT_EQ(chosen(five, {.numbers = {{2, 2}}}), "< gap 2\n< 01 \"b\"\n> gap 2\n> \"1B\"\n");
    EXPECT_EQ(chosen(five, {.numbers = {{2, 9}}}),
              "< gap 2\n< 01 \"b\"\n< 01 \"c\"\n> gap 2\n> \"1B\"\n> \"1C\"\n< eof\n> eof\n");
    EXPECT_EQ(chosen(five, {.numbers = {{1, 1}}}), "< 01 \"a\"\n> \"1A\"\n");
    EXPECT_EQ(chosen(five, {.numbers = {{4, 9}}}), "");
}

TEST(selection, by_content) {
    EXPECT_EQ(chosen(five, {.content = "B"}), "> gap 2\n> \"1B\"\n");
    EXPECT_EQ(chosen(five, {.content = "c"}), "< gap 4\n< 01 \"c\"\n< eof\n");
    EXPECT_EQ(chosen(five, {.content = "x"}), "");
}

TEST(selection, around_the_first_failure) {
    std::string text = "framing digits:1\n";
    for (int i = 0; i < 9; ++i) text += "< \"1" + std::to_string(i) + "\"\n> \"1a\"\n";
    EXPECT_EQ(chosen(text, {.around_failed = true}), "");
    text += "> \"zz\"\n< \"1x\"\n";
    EXPECT_EQ(chosen(text, {.around_failed = true}),
              "> gap 12\n> \"1a\"\n< gap 14\n< \"17\"\n> \"1a\"\n< \"18\"\n> \"1a\"\n> \"zz\"\n"
              "< \"1x\"\n");
}

TEST(selection, has_what_is_no_frame_as_the_one_after_the_last) {
    constexpr std::string_view wrong = "framing digits:1\n< \"1a1b\"\n< \"xyz\"\n< eof\n";
    EXPECT_EQ(chosen(wrong, {.numbers = {{3, 3}}}), "< gap 4\n< \"xyz\"\n< eof\n");
    constexpr std::string_view incomplete = "framing digits:1\n< \"1a5b\"\n";
    EXPECT_EQ(chosen(incomplete, {.around_failed = true}), "< \"1a\"\n< \"5b\"\n");
    constexpr std::string_view truncated = "framing digits:1\n< \"1a5b\"\n< eof\n";
    EXPECT_EQ(chosen(truncated, {.numbers = {{2, 2}}}), "< gap 2\n< \"5b\"\n< eof\n");
}

TEST(selection, keeps_gaps) {
    constexpr std::string_view text = "framing u8\n< 01 \"a\" 09\n< gap 7\n< 01 \"b\" 01 \"c\"\n";
    EXPECT_EQ(chosen(text, {.numbers = {{1, 2}}}), "< 01 \"a\"\n< gap 8\n< 01 \"b\"\n");
    EXPECT_EQ(chosen(text, {.content = "c"}), "< gap 12\n< 01 \"c\"\n");
}

TEST(selection, of_what_is_printed_replays) {
    for (const char* const text : {"1", "2..", "..3", "2..3"}) {
        EXPECT_TRUE(parse_frame_range(text)) << text;
    }
    EXPECT_EQ(parse_frame_range("2..3")->last, 3U);
    EXPECT_EQ(parse_frame_range("7")->first, 7U);
    EXPECT_EQ(parse_frame_range("7")->last, 7U);
    EXPECT_EQ(parse_frame_range("..3")->first, 1U);
    EXPECT_EQ(parse_frame_range("3..")->last, UINT64_MAX);
    for (const char* const text : {"", "..", "0", "x", "3..2", "1...2", "-1", "1..x"}) {
        EXPECT_FALSE(parse_frame_range(text)) << text;
    }
}

}  // namespace
}  // namespace framewire::selection_tests
