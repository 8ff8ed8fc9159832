#include "replay/stream_bytes.hpp"

#include "random_bytes.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::stream_bytes_tests {
namespace {

TEST(stream_bytes, are_taken_up_to_an_offset) {
    stream_bytes all;
    all.add("0005Hello");
    EXPECT_EQ(all.take_until(4), "0005");
    EXPECT_EQ(all.offset(), 4U);
    EXPECT_EQ(all.take_until(4), "");
    EXPECT_EQ(all.take_until(3), "");
    EXPECT_EQ(all.rest(), "Hello");
    all.add("!");
    EXPECT_EQ(all.take_until(100), "Hello!");
    EXPECT_EQ(all.offset(), 10U);
    EXPECT_EQ(all.rest(), "");
}

TEST(stream_bytes, are_all_there_however_they_come_and_go) {
    tests::random_bytes random(5);
    for (int round = 0; round < 100; ++round) {
        stream_bytes all;
        std::string added;
        std::string taken;
        while (added.size() < 2000) {
            const auto some = random.any(random.below(60));
            all.add(some);
            added += some;
            taken += all.take_until(taken.size() + random.below(60));
            ASSERT_EQ(all.offset(), taken.size());
            ASSERT_EQ(taken + std::string(all.rest()), added);
        }
    }
}

}  // namespace
}  // namespace framewire::stream_bytes_tests
