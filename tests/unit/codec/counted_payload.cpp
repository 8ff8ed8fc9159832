#include "framewire/codec/detail/counted_payload.hpp"

#include <gtest/gtest.h>

namespace framewire::counted_payload_tests {
namespace {

TEST(counted_payload, takes_so_many_bytes) {
    counted_payload payload(counting::in_bytes);
    payload.begin(5);
    EXPECT_EQ(payload.take("Hel"), 3U);
    EXPECT_EQ(payload.wanted(), 2U);
    EXPECT_FALSE(payload.complete());
    EXPECT_EQ(payload.take("lo, world"), 2U);
    EXPECT_TRUE(payload.complete());
    EXPECT_EQ(payload.bytes_taken(), 5U);
}

TEST(counted_payload, takes_so_many_characters) {
    counted_payload payload(counting::in_characters);
    payload.begin(2);
    EXPECT_EQ(payload.take("\xC3"), 1U);
    EXPECT_EQ(payload.units_taken(), 0U);
    EXPECT_EQ(payload.take("\xA9\xC3\xA9!"), 3U);
    EXPECT_TRUE(payload.complete());
    EXPECT_EQ(payload.units_taken(), 2U);
    EXPECT_EQ(payload.bytes_taken(), 4U);
}

TEST(counted_payload, is_complete_at_once_where_nothing_is_announced) {
    for (const auto unit : {counting::in_bytes, counting::in_characters}) {
        counted_payload payload(unit);
        payload.begin(0);
        EXPECT_TRUE(payload.complete());
        EXPECT_EQ(payload.take("abc"), 0U);
    }
}

TEST(counted_payload, stops_in_front_of_what_is_no_character) {
    counted_payload payload(counting::in_characters);
    payload.begin(3);
    EXPECT_EQ(payload.take("a\xFF"), 1U);
    EXPECT_FALSE(payload.valid());
    EXPECT_FALSE(payload.complete());
}

TEST(counted_payload, begins_again) {
    counted_payload payload(counting::in_characters);
    payload.begin(1);
    EXPECT_EQ(payload.take("\xFF"), 0U);
    payload.begin(1);
    EXPECT_TRUE(payload.valid());
    EXPECT_EQ(payload.take("ab"), 1U);
    EXPECT_EQ(payload.bytes_taken(), 1U);
}

// The largest length there is must not make arithmetic wrap.
TEST(counted_payload, counts_down_from_the_largest_length) {
    counted_payload payload(counting::in_bytes);
    payload.begin(unknown_length - 1);
    EXPECT_EQ(payload.take("abc"), 3U);
    EXPECT_EQ(payload.wanted(), unknown_length - 4);
}

}  // namespace
}  // namespace framewire::counted_payload_tests
