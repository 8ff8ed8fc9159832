#include "load/latency_histogram.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <random>

namespace framewire::latency_histogram_tests {
namespace {

using namespace std::chrono_literals;

TEST(latency_histogram, knows_nothing_at_first) {
    const latency_histogram empty;
    EXPECT_EQ(0U, empty.count());
    EXPECT_EQ(0ns, empty.percentile(99));
    EXPECT_EQ(0ns, empty.max());
    EXPECT_EQ(0ns, empty.mean());
    EXPECT_TRUE(empty.buckets().empty());
}

TEST(latency_histogram, is_exact_below_256_ns) {
    for (int value = 0; value < 256; ++value) {
        latency_histogram one;
        one.add(std::chrono::nanoseconds(value));
        one.add(1h);
        EXPECT_EQ(std::chrono::nanoseconds(value), one.percentile(50)) << value;
    }
}

TEST(latency_histogram, is_never_too_small_and_at_most_a_128th_too_large) {
    for (double at = 1; at < 4e12; at *= 1.0037) {
        const std::chrono::nanoseconds value(std::llround(at));
        latency_histogram one;
        one.add(value);
        one.add(latency_histogram::longest);
        const auto result = one.percentile(50);
        ASSERT_GE(result, value);
        ASSERT_LE((result - value).count() * 128, value.count());
    }
}

TEST(latency_histogram, agrees_with_sorted_values) {
    std::minstd_rand random(7);
    std::vector<std::int64_t> values;
    latency_histogram all;
    for (int i = 0; i < 10'000; ++i) {
        values.push_back(static_cast<std::int64_t>(random() >> (random() % 24)));
        all.add(std::chrono::nanoseconds(values.back()));
    }
    std::ranges::sort(values);
    for (const double percent : {0.01, 1.0, 50.0, 90.0, 99.0, 99.9, 99.99, 100.0}) {
        const auto rank = static_cast<std::size_t>(std::ceil(10'000 * percent / 100));
        const auto right = values[rank - 1];
        const auto result = all.percentile(percent).count();
        EXPECT_GE(result, right) << percent;
        EXPECT_LE(result, right + right / 128) << percent;
    }
    EXPECT_EQ(values.back(), all.max().count());
    EXPECT_EQ(all.max(), all.percentile(100));
}

TEST(latency_histogram, adds_many_at_once) {
    latency_histogram many;
    latency_histogram single;
    many.add(70us, 1000);
    many.add(3ms, 3);
    for (int i = 0; i < 1000; ++i) single.add(70us);
    for (int i = 0; i < 3; ++i) single.add(3ms);
    EXPECT_EQ(single.count(), many.count());
    EXPECT_EQ(single.mean(), many.mean());
    for (const double percent : {50.0, 99.0, 99.9}) {
        EXPECT_EQ(single.percentile(percent), many.percentile(percent));
    }
}

TEST(latency_histogram, merges_and_clears) {
    latency_histogram left;
    latency_histogram right;
    left.add(1us, 90);
    right.add(1s, 10);
    left.add(right);
    EXPECT_EQ(100U, left.count());
    EXPECT_LT(left.percentile(90), 2us);
    EXPECT_EQ(1s, left.percentile(91));
    EXPECT_EQ(1s, left.max());
    EXPECT_EQ(100'000'900ns, left.mean());
    left.clear();
    EXPECT_EQ(0U, left.count());
    EXPECT_TRUE(left.buckets().empty());
    EXPECT_EQ(0ns, left.max());
}

TEST(latency_histogram, takes_what_is_negative_or_too_long) {
    latency_histogram odd;
    odd.add(-5ns);
    EXPECT_EQ(0ns, odd.max());
    odd.add(5h);
    EXPECT_EQ(5h, odd.max());
    EXPECT_EQ(latency_histogram::longest, odd.percentile(99));
    EXPECT_EQ(2U, odd.count());
}

TEST(latency_histogram, lists_its_buckets_from_short_to_long) {
    latency_histogram few;
    few.add(1ms, 2);
    few.add(10ns, 5);
    const auto buckets = few.buckets();
    ASSERT_EQ(2U, buckets.size());
    EXPECT_EQ(10ns, buckets[0].upper);
    EXPECT_EQ(5U, buckets[0].count);
    EXPECT_EQ(1ms, buckets[1].upper);  // not longer than the longest
    EXPECT_EQ(2U, buckets[1].count);
}

}  // namespace
}  // namespace framewire::latency_histogram_tests
