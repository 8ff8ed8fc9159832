#include "replay/masks.hpp"

#include "framewire/core/quote.hpp"

#include <gtest/gtest.h>
#include <string>
#include <utility>

namespace framewire::masks_tests {
namespace {

using namespace std::string_literals;

std::string masked(const std::string& pattern, bytes payload) {
    masks all;
    const auto added = all.add(pattern);
    EXPECT_TRUE(added) << added.error().message();
    return all.apply(payload);
}

TEST(masks, put_a_mark_in_place_of_each_match) {
    EXPECT_EQ(masked("[0-9]+", "at 12:34, 5 left"), "at \x1a:\x1a, \x1a left");
    EXPECT_EQ(masked("(id|name)=[a-z]*", "id=ab;name=;x"), "\x1a;\x1a;x");
    EXPECT_EQ(masked("x", ""), "");
    EXPECT_EQ(masked("none", "something"), "something");
    EXPECT_EQ(masked("^a", "aa\na"),
              "\x1a"
              "a\n\x1a");
}

TEST(masks, match_bytes_and_not_only_text) {
    EXPECT_EQ(masked("K.*Z", "aK\0\n\xFFZb"s),
              "a\x1a"
              "b");
    EXPECT_EQ(masked("b", "a\0b\0c"s), "a\0\x1a\0c"s);
}

// An endless loop, otherwise.
TEST(masks, hide_nothing_where_nothing_matches) {
    EXPECT_EQ(masked("x*", "axxb"),
              "a\x1a"
              "b");
    EXPECT_EQ(masked("()", "ab"), "ab");
    EXPECT_EQ(masked("$", "ab"), "ab");
}

masks two_masks(const char* first, const char* second) {
    masks all;
    EXPECT_TRUE(all.empty());
    EXPECT_TRUE(all.add(first));
    EXPECT_TRUE(all.add(second));
    EXPECT_FALSE(all.empty());
    return all;
}

TEST(masks, are_applied_together) {
    EXPECT_EQ(two_masks("a+", "(b)(c)?").apply("aab, bc"), "\x1a\x1a, \x1a");
    EXPECT_EQ(two_masks("abc", "cd|b").apply("abcde"),
              "\x1a"
              "e");
}

TEST(masks, find_what_differs_besides_matches) {
    using place = std::pair<std::size_t, std::size_t>;
    const auto all = two_masks("[0-9]+", "#.*#");
    EXPECT_EQ(all.first_difference("at 12:3 #a# x", "at 1:23 #bcd# y"), place(12, 14));
    EXPECT_EQ(all.first_difference("at 12", "at 3"), place(5, 4));
    EXPECT_EQ(all.first_difference("a1", "ab"), place(1, 1));
    EXPECT_EQ(all.first_difference("ab", "a1"), place(1, 1));
    EXPECT_EQ(all.first_difference("12", "12 "), place(2, 2));
    EXPECT_EQ(masks().first_difference("same", "sane"), place(2, 2));
}

TEST(masks, refuse_what_is_no_pattern) {
    for (const char* wrong : {"(", "[a", "a{2,1}", "\\"}) {
        masks all;
        const auto added = all.add(wrong);
        ASSERT_FALSE(added) << wrong;
        EXPECT_TRUE(added.error().message().starts_with(quote(wrong) + ": "));
        EXPECT_TRUE(all.empty());
    }
}

}  // namespace
}  // namespace framewire::masks_tests
