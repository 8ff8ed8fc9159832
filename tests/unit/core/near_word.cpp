#include "core/near_word.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::near_word_tests {
namespace {

constexpr std::string_view known[] = {"serve", "connect", "send",  "walkthrough",
                                      "u8",    "u16be",   "u16le", "netstring"};

TEST(near_word, finds_what_has_a_letter_missing_added_wrong_or_swapped) {
    EXPECT_EQ(near_word("conect", known), "connect");
    EXPECT_EQ(near_word("connnect", known), "connect");
    EXPECT_EQ(near_word("cannect", known), "connect");
    EXPECT_EQ(near_word("servre", known), "serve");
    EXPECT_EQ(near_word("walkthorugh", known), "walkthrough");
    EXPECT_EQ(near_word("sned", known), "send");
    EXPECT_EQ(near_word("send", known), "send");
}

TEST(near_word, finds_what_begins_with_it) {
    EXPECT_EQ(near_word("walk", known), "walkthrough");
    EXPECT_EQ(near_word("u16", known), "u16be");
}

TEST(near_word, finds_nothing_that_is_far) {
    for (const auto* word : {"", "x", "bogus", "trace", "se", "u40", "connection refused"}) {
        EXPECT_EQ(near_word(word, known), "") << word;
    }
    EXPECT_EQ(near_word(std::string(1000, 'a'), known), "");
    EXPECT_EQ(near_word("send", {}), "");
}

}  // namespace
}  // namespace framewire::near_word_tests
