#include "load/source_range.hpp"

#include <gtest/gtest.h>

namespace framewire::source_range_tests {
namespace {

constexpr std::uint32_t loopback = 127U << 24;

TEST(source_range, is_one_address) {
    const auto one = source_range::parse("127.0.0.5");
    ASSERT_TRUE(one);
    EXPECT_EQ(1U, one->size());
    EXPECT_EQ(loopback + 5, one->address(0));
    EXPECT_EQ(loopback + 5, one->address(99));
}

TEST(source_range, is_a_range_used_in_turn) {
    const auto range = source_range::parse("127.0.0.2-127.0.0.4");
    ASSERT_TRUE(range);
    EXPECT_EQ(3U, range->size());
    EXPECT_EQ(loopback + 2, range->address(0));
    EXPECT_EQ(loopback + 4, range->address(2));
    EXPECT_EQ(loopback + 2, range->address(3));
}

TEST(source_range, is_a_block_without_its_first_and_last) {
    const auto block = source_range::parse("127.0.0.0/8");
    ASSERT_TRUE(block);
    EXPECT_EQ((1U << 24) - 2, block->size());
    EXPECT_EQ(loopback + 1, block->address(0));
    EXPECT_EQ("127.0.0.0/8", block->text());
    EXPECT_EQ(loopback + 0x0101U, source_range::parse("127.0.1.77/24")->address(0));
    EXPECT_EQ(loopback + 7, source_range::parse("127.0.0.7/32")->address(3));
    EXPECT_EQ(2U, source_range::parse("127.0.0.6/31")->size());
    EXPECT_TRUE(source_range::parse("0.0.0.0/0"));
}

TEST(source_range, refuses_what_is_none) {
    for (const auto* text :
         {"", "127.0.0", "localhost", "::1", "127.0.0.1-", "127.0.0.9-127.0.0.1", "127.0.0.1/33",
          "127.0.0.1/", "127.0.0.1/8/9", "127.0.0.1-x"}) {
        EXPECT_FALSE(source_range::parse(text)) << text;
    }
}

}  // namespace
}  // namespace framewire::source_range_tests
