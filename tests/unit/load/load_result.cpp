#include "load/load_result.hpp"

#include <gtest/gtest.h>

namespace framewire::load_result_tests {
namespace {

using namespace std::chrono_literals;

load_result one(std::uint64_t messages, std::chrono::nanoseconds latency) {
    load_result made;
    made.tally.messages = messages;
    made.tally.messages_in_time = messages;
    made.duration = 2s;
    made.latency.add(latency, messages);
    made.slices.push_back({1s, 1s, messages, made.latency.buckets()});
    return made;
}

TEST(load_result, adds_what_threads_found) {
    load_result all;
    all.add(one(90, 1us));
    auto second = one(10, 1ms);
    second.slices.push_back({2s, 1s, 4, {}});
    second.tally.missing = 3;
    second.failures["io.reset"] = 2;
    all.add(second);
    EXPECT_EQ(100U, all.tally.messages);
    EXPECT_EQ(3U, all.tally.faults());
    EXPECT_EQ(50, all.messages_per_second());
    EXPECT_EQ(1ms, all.latency.max());
    ASSERT_EQ(2U, all.slices.size());
    EXPECT_EQ(100, all.slices[0].rate());
    EXPECT_LT(all.slices[0].percentile(90), 2us);
    EXPECT_EQ(1ms, all.slices[0].percentile(99));
    EXPECT_EQ(4, all.slices[1].rate());
    EXPECT_EQ(0ns, all.slices[1].percentile(99));
    EXPECT_EQ(2U, all.failures["io.reset"]);
}

TEST(load_result, keeps_a_few_faults_in_words) {
    load_result many;
    for (int i = 0; i < 20; ++i) many.faults.push_back({.words = "x"});
    load_result all;
    all.add(many);
    EXPECT_EQ(load_result::faults_shown_max, all.faults.size());
}

TEST(load_result, of_no_time_has_no_rate) {
    EXPECT_EQ(0, load_result{}.messages_per_second());
    EXPECT_EQ(0, load_slice{}.rate());
}

}  // namespace
}  // namespace framewire::load_result_tests
