#include "load/schedule.hpp"

#include <gtest/gtest.h>
#include <cmath>

namespace framewire::schedule_tests {
namespace {

using namespace std::chrono_literals;

constexpr time_point start(1h);

TEST(schedule, spreads_messages_evenly) {
    const schedule thousand(start, 1000);
    EXPECT_EQ(start, thousand.due(0));
    EXPECT_EQ(start + 1ms, thousand.due(1));
    EXPECT_EQ(start + 24h, thousand.due(86'400'000));
    const schedule third(start, 3);
    EXPECT_EQ(start + 333'333'333ns, third.due(1));
    EXPECT_EQ(start + 1s, third.due(3));
}

TEST(schedule, a_message_is_due_at_its_time_and_not_before) {
    for (const double rate : {0.5, 1.0, 3.0, 1000.0, 77'777.0, 1e6, 3.3e7}) {
        const schedule one(start, rate);
        for (std::uint64_t slot = 0; slot < 100'000'000; slot = slot * 3 + 1) {
            EXPECT_GT(one.due_by(one.due(slot)), slot) << rate;
            EXPECT_LE(one.due_by(one.due(slot) - 1ns), slot) << rate;
        }
    }
}

TEST(schedule, nothing_is_due_before_it_starts) {
    EXPECT_EQ(0U, schedule(start, 1e9).due_by(start - 1ns));
    EXPECT_EQ(1U, schedule(start, 1000).due_by(start));
    EXPECT_EQ(1001U, schedule(start, 1000).due_by(start + 1s));
}

TEST(slots, connections_take_theirs_in_order) {
    const slots second{.place = 1, .connections = 3};
    EXPECT_EQ(1U, second.of(0));
    EXPECT_EQ(4U, second.of(1));
    EXPECT_EQ(0U, second.among(0));
    EXPECT_EQ(0U, second.among(1));
    EXPECT_EQ(1U, second.among(2));
    EXPECT_EQ(1U, second.among(4));
    EXPECT_EQ(2U, second.among(5));
    for (std::uint64_t count = 0; count < 50; ++count) {
        std::uint64_t all = 0;
        for (std::uint64_t i = 0; i < 3; ++i) all += slots{i, 3}.among(count);
        EXPECT_EQ(count, all);
    }
}

}  // namespace
}  // namespace framewire::schedule_tests
