#include "load/send_times.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <string>
#include <vector>

namespace framewire::send_times_tests {
namespace {

struct run {
    std::uint64_t first;
    std::uint64_t count;
    int at;
    bool operator==(const run&) const = default;
};

time_point at(int ticks) { return time_point(std::chrono::nanoseconds(ticks)); }

std::vector<run> take(send_times& times, std::uint64_t end) {
    std::vector<run> taken;
    times.take_before(end, [&](std::uint64_t first, std::uint64_t count, time_point sent) {
        taken.push_back({first, count, static_cast<int>(sent.time_since_epoch().count())});
    });
    return taken;
}

TEST(send_times, joins_what_was_sent_at_once) {
    send_times times;
    EXPECT_TRUE(times.empty());
    times.add(3, at(10));
    times.add(5, at(10));
    times.add(6, at(20));
    EXPECT_EQ(at(10), times.oldest());
    EXPECT_EQ((std::vector<run>{{0, 5, 10}, {5, 1, 20}}), take(times, 6));
    EXPECT_TRUE(times.empty());
}

TEST(send_times, takes_parts_of_a_run) {
    send_times times;
    times.add(10, at(1));
    EXPECT_EQ((std::vector<run>{{0, 4, 1}}), take(times, 4));
    EXPECT_TRUE(take(times, 4).empty());
    times.add(11, at(2));
    EXPECT_EQ((std::vector<run>{{4, 6, 1}}), take(times, 10));
    EXPECT_EQ(at(2), times.oldest());
}

TEST(send_times, grows_while_its_ring_has_turned) {
    send_times times;
    std::uint64_t sent = 0;
    std::uint64_t taken = 0;
    for (int round = 1; round < 200; ++round) {
        for (int i = 0; i < 3; ++i) {
            ++sent;
            times.add(sent, at(static_cast<int>(sent)));
        }
        for (int i = 0; i < 2; ++i, ++taken) {
            const auto number = static_cast<int>(taken);
            EXPECT_EQ((std::vector<run>{{taken, 1, number + 1}}), take(times, taken + 1));
        }
    }
    EXPECT_EQ(sent - taken, take(times, sent).size());
}

}  // namespace
}  // namespace framewire::send_times_tests
