#include "load/message_text.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace framewire::message_text_tests {
namespace {

TEST(message_text, without_a_mark_is_what_it_is) {
    for (const auto* plain : {"", "Hello", "{", "{}", "{N}", "{ n }"}) {
        const message_text text(plain);
        EXPECT_FALSE(text.has_number()) << plain;
        EXPECT_EQ(plain, text.with(5));
        EXPECT_TRUE(text.is(plain, 7));
        EXPECT_FALSE(text.is(std::string(plain) + "x", 7));
    }
}

TEST(message_text, has_its_number_at_each_mark) {
    EXPECT_EQ("12", message_text("{n}").with(12));
    EXPECT_EQ("a12b12", message_text("a{n}b{n}").with(12));
    EXPECT_EQ("{12}", message_text("{{n}}").with(12));
    const auto most = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ("18446744073709551615", message_text("{n}").with(most));
    EXPECT_TRUE(message_text("a{n}b{n}").is("a12b12", 12));
    for (const auto* other : {"a12b13", "a12b1", "a12b", "a12", "a", "", "a12b12 ", "a012b012"}) {
        EXPECT_FALSE(message_text("a{n}b{n}").is(other, 12)) << other;
    }
}

TEST(message_text, its_number_is_found) {
    const message_text text("id {n}.");
    EXPECT_EQ(0U, text.number_in("id 0."));
    EXPECT_EQ(123U, text.number_in("id 123."));
    for (const auto* other : {"", "id ", "id .", "id 5", "id 5.x", "id x.", "id 05.", "id -5.",
                              "id 18446744073709551616."}) {
        EXPECT_FALSE(text.number_in(other)) << other;
    }
    EXPECT_EQ(12U, message_text("{n}0").number_in("120")) << "a digit follows the number";
    EXPECT_EQ(7U, message_text("{n}-{n}").number_in("7-7"));
    EXPECT_FALSE(message_text("{n}-{n}").number_in("7-8"));
}

}  // namespace
}  // namespace framewire::message_text_tests
