#include "guess/pattern.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace framewire::pattern_tests {
namespace {

using namespace std::string_view_literals;

TEST(match_pattern, compares_bytes_sets_and_escapes) {
    const surprise expected("");
    const auto matches = [&](std::string_view pattern, bytes text) {
        return match_pattern(pattern, text, expected).has_value();
    };
    EXPECT_TRUE(matches("AB", "ABC"));
    EXPECT_FALSE(matches("AB", "A"));
    EXPECT_FALSE(matches("AB", "AC"));
    EXPECT_TRUE(matches("A?C", "AXC"));
    EXPECT_TRUE(matches(R"(\x00\0\n\r\[)", "\0\0\n\r["sv));
    EXPECT_TRUE(matches(R"([a-c\x10-\x20])", "b"));
    EXPECT_TRUE(matches(R"([a-c\x10-\x20])", "\x1f"));
    EXPECT_FALSE(matches(R"([a-c\x10-\x20])", "d"));
}

TEST(match_pattern, counts_what_it_says) {
    const surprise expected("");
    const auto bits = [&](std::string_view pattern, bytes text) {
        return match_pattern(pattern, text, expected).value_or(-1);
    };
    EXPECT_EQ(bits("?", "A"), 0);
    EXPECT_GT(bits("A", "A"), bits("[A-Z]", "A"));
    EXPECT_GT(bits("[A-Z]", "A"), 0);
    EXPECT_GT(bits("AB", "AB"), bits("A", "AB"));
}

TEST(surprise, is_small_for_what_is_frequent) {
    const surprise expected("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab");
    EXPECT_LT(expected.of_value('a'), expected.of_value('b'));
    EXPECT_LT(expected.of_value('b'), expected.of_value('c'));
    EXPECT_LT(expected.of_value('\0'), expected.of_value(0x90));
    EXPECT_LE(expected.of(1, 3), 3);
}

}  // namespace
}  // namespace framewire::pattern_tests
