#include "cli/byte_budget.hpp"

#include <gtest/gtest.h>

namespace framewire::byte_budget_tests {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t rate = 1000;
constexpr std::int64_t burst = 4000;

struct budget : testing::Test {
    byte_budget bytes_a_second{rate, burst};
    byte_budget::clock::time_point now{seconds(100)};

    bool is_open_after(milliseconds time) { return bytes_a_second.is_open(now += time); }
};

TEST_F(budget, has_a_burst) {
    ASSERT_TRUE(is_open_after(seconds(0)));
    bytes_a_second.spend(burst - 1);
    EXPECT_TRUE(is_open_after(seconds(0)));
    bytes_a_second.spend(1);
    EXPECT_FALSE(is_open_after(seconds(0)));
}

TEST_F(budget, stays_closed_until_a_second_has_grown) {
    ASSERT_TRUE(is_open_after(seconds(0)));
    bytes_a_second.spend(burst);
    EXPECT_FALSE(is_open_after(milliseconds(1)));
    EXPECT_FALSE(is_open_after(milliseconds(998)));
    EXPECT_TRUE(is_open_after(milliseconds(1)));
    bytes_a_second.spend(rate - 1);
    EXPECT_TRUE(is_open_after(milliseconds(0)));
}

TEST_F(budget, can_be_overdrawn) {
    ASSERT_TRUE(is_open_after(seconds(0)));
    bytes_a_second.spend(burst + 3 * rate);
    EXPECT_FALSE(is_open_after(milliseconds(3999)));
    EXPECT_TRUE(is_open_after(milliseconds(1)));
}

TEST_F(budget, grows_to_the_burst_and_not_beyond) {
    ASSERT_TRUE(is_open_after(seconds(0)));
    bytes_a_second.spend(burst);
    ASSERT_TRUE(is_open_after(std::chrono::hours(24 * 365 * 100)));
    bytes_a_second.spend(burst);
    EXPECT_FALSE(is_open_after(seconds(0)));
}

TEST_F(budget, knows_when_it_opens) {
    ASSERT_TRUE(is_open_after(seconds(0)));
    bytes_a_second.spend(burst + 500);
    ASSERT_FALSE(is_open_after(milliseconds(100)));
    const auto opens = bytes_a_second.opens_at();
    EXPECT_FALSE(bytes_a_second.is_open(opens - milliseconds(3)));
    EXPECT_TRUE(bytes_a_second.is_open(opens));
}

TEST_F(budget, loses_nothing_where_it_is_asked_often) {
    ASSERT_TRUE(is_open_after(seconds(0)));
    bytes_a_second.spend(burst);
    for (int i = 0; i < 999; ++i) ASSERT_FALSE(bytes_a_second.is_open(now += milliseconds(1)));
    EXPECT_TRUE(is_open_after(milliseconds(1)));
}

}  // namespace
}  // namespace framewire::byte_budget_tests
