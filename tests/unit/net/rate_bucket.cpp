#include "net/rate_bucket.hpp"
#include "net/rate_table.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <cstdint>
#include <limits>

namespace framewire::tests::rate_bucket_tests {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const time_point start{seconds(1000)};
constexpr address_key host{0x0100007F, 2};

TEST(rate_bucket, holds_the_worth_of_one_second) {
    rate_bucket bucket(10);
    EXPECT_EQ(bucket.left(start), 10U);
    bucket.spend(10, start);
    EXPECT_EQ(bucket.left(start), 0U);
    EXPECT_EQ(bucket.left(start + seconds(100)), 10U);
}

TEST(rate_bucket, tokens_accrue_evenly) {
    rate_bucket bucket(10);
    bucket.spend(10, start);
    EXPECT_EQ(bucket.left(start + milliseconds(99)), 0U);
    EXPECT_EQ(bucket.left(start + milliseconds(101)), 1U);
    EXPECT_EQ(bucket.left(start + milliseconds(501)), 5U);
}

TEST(rate_bucket, says_when_the_next_one_comes) {
    for (const std::uint64_t rate : {1U, 3U, 7U, 1000U, 999'999'937U}) {
        rate_bucket bucket(rate);
        bucket.spend(rate, start);
        const auto next = bucket.next();
        EXPECT_GT(next, start) << rate;
        EXPECT_GE(bucket.left(next), 1U) << rate;
        EXPECT_EQ(bucket.left(start), 0U) << rate;
    }
}

TEST(rate_bucket, what_was_spent_too_much_is_owed) {
    rate_bucket bucket(10);
    bucket.spend(25, start);
    EXPECT_EQ(bucket.left(start + milliseconds(1500)), 0U);
    EXPECT_EQ(bucket.left(start + milliseconds(1601)), 1U);
    EXPECT_GE(bucket.next(), start + milliseconds(1599));
    EXPECT_FALSE(bucket.is_full(start + milliseconds(2400)));
    EXPECT_TRUE(bucket.is_full(start + milliseconds(2500)));
}

TEST(rate_bucket, without_a_bound_there_is_always_enough) {
    rate_bucket bucket(0);
    bucket.spend(1'000'000, start);
    EXPECT_EQ(bucket.left(start), std::numeric_limits<std::uint64_t>::max());
    EXPECT_FALSE(bucket.is_bounded());
    EXPECT_FALSE(rate_bucket(rate_bucket::per_second_max + 1).is_bounded());
    EXPECT_TRUE(bucket.is_full(start));
}

TEST(rate_bucket, the_highest_rate_and_amount_do_not_overflow) {
    rate_bucket bucket(rate_bucket::per_second_max);
    EXPECT_EQ(bucket.left(start), rate_bucket::per_second_max);
    bucket.spend(std::numeric_limits<std::uint64_t>::max(), start);
    EXPECT_EQ(bucket.left(start), 0U);
    EXPECT_EQ(bucket.left(start + seconds(1)), 0U + rate_bucket::per_second_max);
    rate_bucket slow(1);
    slow.spend(std::numeric_limits<std::uint64_t>::max(), start);
    EXPECT_EQ(slow.left(start + seconds(100)), 0U);
}

TEST(rate_table, connections_of_a_host_share_its_rates) {
    rate_table table(10, 0);
    const auto one = table.of(host, start);
    EXPECT_EQ(table.of(host, start), one);
    EXPECT_NE(table.of({host.bits + 1, host.family}, start), one);
}

TEST(rate_table, a_host_that_comes_back_has_spent_what_it_had_spent) {
    rate_table table(10, 0);
    table.of(host, start)->messages.spend(10, start);
    EXPECT_EQ(table.of(host, start)->messages.left(start), 0U);
}

TEST(rate_table, connections_without_a_host_share_nothing) {
    rate_table table(0, 10);
    EXPECT_NE(table.of({}, start), table.of({}, start));
    EXPECT_EQ(table.size(), 0U);
}

TEST(rate_table, where_nothing_is_bounded_there_is_none) {
    rate_table table(0, 0);
    EXPECT_EQ(table.of(host, start), nullptr);
}

TEST(rate_table, forgets_hosts_that_left_with_all_their_tokens) {
    rate_table table(10, 0);
    const auto connected = table.of(host, start);
    constexpr std::uint64_t many = 100'000;
    for (std::uint64_t i = 0; i < many; ++i) {
        const auto now = start + milliseconds(i);
        table.of({host.bits + 1 + i, host.family}, now)->messages.spend(1, now);
    }
    EXPECT_LT(table.size(), many / 10);
    EXPECT_EQ(table.of(host, start), connected);
}

TEST(rate_table, other_limits_are_for_those_that_come_later) {
    rate_table table(10, 0);
    const auto before = table.of(host, start);
    table.limit(20, 0);
    EXPECT_EQ(before->messages.left(start), 10U);
    EXPECT_EQ(table.of(host, start)->messages.left(start), 20U);
    table.limit(0, 0);
    EXPECT_EQ(table.of(host, start), nullptr);
}

TEST(rate_bucket, another_limit_holds_at_once) {
    rate_bucket bucket(10);
    bucket.spend(10, start);
    bucket.limit(0);
    EXPECT_FALSE(bucket.is_bounded());
    bucket.limit(1000);
    EXPECT_EQ(bucket.left(start), 0U);
    EXPECT_EQ(bucket.left(start + milliseconds(100)), 100U);
}

}  // namespace
}  // namespace framewire::tests::rate_bucket_tests
