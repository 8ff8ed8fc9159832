#include "framewire/session/detail/frame_budget.hpp"

#include <gtest/gtest.h>
#include <chrono>

namespace framewire::frame_budget_tests {
namespace {

using namespace std::chrono_literals;

// How many of `frames` tiny ones pass at that moment.
int pass(frame_budget& budget, time_point now, int frames) {
    int passed = 0;
    for (; passed < frames && budget.admits(now); ++passed) budget.spend(0);
    return passed;
}

TEST(frame_budget, holds_the_worth_of_one_second) {
    frame_budget budget(1000, time_point{});
    EXPECT_EQ(pass(budget, time_point{}, 5000), 1000);
    EXPECT_TRUE(budget.paused());
    EXPECT_EQ(budget.resumes(), time_point{} + 50ms);
    EXPECT_EQ(pass(budget, time_point{} + 49ms, 5000), 0);
    EXPECT_EQ(pass(budget, time_point{} + 50ms, 5000), 50);
    EXPECT_EQ(pass(budget, time_point{} + 250ms, 5000), 200);
    EXPECT_EQ(pass(budget, time_point{} + 1h, 5000), 1000);
}

TEST(frame_budget, yields_without_being_over_it) {
    frame_budget budget(1000, time_point{});
    auto now = time_point{};
    for (int i = 0; i < 1000; ++i, now += 50ms) {
        EXPECT_EQ(pass(budget, now, 10), 10);
        budget.yield(now);
        EXPECT_TRUE(budget.paused());
        EXPECT_EQ(budget.resumes(), now + 50ms);
        EXPECT_EQ(pass(budget, now + 49ms, 10), 0);
        EXPECT_FALSE(budget.exhausted(now + 49ms));
    }
}

TEST(frame_budget, keeps_to_its_rate_over_any_time) {
    for (const int rate : {20, 100, 999, 1000, 12'345}) {
        frame_budget budget(static_cast<std::uint64_t>(rate), time_point{});
        int passed = 0;
        for (auto now = 0ms; now < 20s; now += 7ms) {
            passed += pass(budget, time_point{} + now, 1'000'000);
        }
        EXPECT_LE(passed, 21 * rate) << rate;
        EXPECT_GE(passed, 18 * rate) << rate;
    }
}

TEST(frame_budget, is_exhausted_after_thirty_seconds_without_a_break) {
    frame_budget budget(100, time_point{});
    auto now = time_point{};
    for (; now < time_point{} + 30s; now += 50ms) {
        pass(budget, now, 1000);
        ASSERT_FALSE(budget.exhausted(now));
    }
    pass(budget, now + 50ms, 1000);
    EXPECT_TRUE(budget.exhausted(now + 50ms));
}

TEST(frame_budget, a_second_without_need_is_a_break) {
    frame_budget budget(100, time_point{});
    pass(budget, time_point{}, 1000);
    pass(budget, time_point{} + 29s, 1000);
    pass(budget, time_point{} + 58s, 1000);
    EXPECT_TRUE(budget.paused());
    EXPECT_FALSE(budget.exhausted(time_point{} + 58s));
}

TEST(frame_budget, larger_payloads_cost_nothing) {
    frame_budget budget(1, time_point{});
    for (int i = 0; i < 100; ++i) budget.spend(2);
    EXPECT_FALSE(budget.paused());
    budget.spend(1);
    EXPECT_TRUE(budget.paused());
}

TEST(frame_budget, of_zero_is_no_bound) {
    frame_budget budget(0, time_point{});
    EXPECT_EQ(pass(budget, time_point{}, 100'000), 100'000);
    EXPECT_FALSE(budget.paused());
    EXPECT_FALSE(budget.exhausted(time_point{} + 1h));
}

}  // namespace
}  // namespace framewire::frame_budget_tests
