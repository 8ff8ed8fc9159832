// What all peers of a server hold together is bounded.

#include "eventually.hpp"
#include "framewire/core/units.hpp"
#include "resources.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <exception>
#include <string>
#include <thread>
#include <vector>

namespace framewire::tests::memory_in_sum_tests {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t message_bytes = 2 * MiB;
constexpr std::uint64_t memory_max = 16 * MiB;
// Allocators keep some, and a message that grows is there twice for a moment.
constexpr std::uint64_t resident_max = 2 * memory_max + 8 * MiB;

const std::string& large_frame() {
    static const std::string frame = digits_frame(std::string(message_bytes, 'x'));
    return frame;
}

// As much as the server takes of it, which may end the connection meanwhile.
void offer(raw_socket& one, std::string_view data, milliseconds patience = milliseconds(20)) {
    try {
        (void)one.send_until_refused(data, patience);
    } catch (const std::exception&) {
    }
}

std::size_t ended(const std::vector<raw_socket>& crowd) {
    std::size_t count = 0;
    for (const auto& one : crowd) {
        if (one.readable_within(milliseconds(0))) ++count;
    }
    return count;
}

TEST(memory_in_sum, row_152_incomplete_messages_end_those_who_hold_most) {
    const auto before = resident_bytes();
    const running_server serving({.memory_max = memory_max});
    auto honest = serving.connect();
    std::vector<raw_socket> crowd;
    for (int i = 0; i < 60; ++i) {
        crowd.push_back(serving.connect());
        offer(crowd.back(), std::string_view(large_frame()).substr(0, message_bytes));
        EXPECT_EQ(honest.request("served"), digits_frame("served"));
    }
    EXPECT_TRUE(serving.comes_to_count(errc::limit_memory, 20));
    EXPECT_LT(resident_bytes(), before + resident_max);
    EXPECT_TRUE(eventually(
        [&] { return serving.statistics().open == 61 - serving.failures(errc::limit_memory); }));
    EXPECT_EQ(honest.request("still"), digits_frame("still"));
    EXPECT_TRUE(eventually([&] { return ended(crowd) == serving.failures(errc::limit_memory); }));
}

// The system takes up to 4 MiB of each reply.
TEST(memory_in_sum, row_152_large_replies_that_nobody_takes) {
    const auto message = digits_frame(std::string(6 * MiB, 'x'));
    const auto before = resident_bytes();
    const running_server serving({.memory_max = memory_max});
    auto honest = serving.connect();
    std::vector<raw_socket> crowd;
    for (int i = 0; i < 40 && serving.failures(errc::limit_memory) == 0; ++i) {
        crowd.push_back(serving.connect(4 * KiB));
        offer(crowd.back(), message, milliseconds(200));
        EXPECT_EQ(honest.request("served"), digits_frame("served"));
    }
    EXPECT_TRUE(serving.comes_to_count(errc::limit_memory, 1));
    EXPECT_LT(resident_bytes(), before + resident_max);
    EXPECT_EQ(honest.request("still"), digits_frame("still"));
}

// Together they hold more than 80 % and less than 90 %: some wait until others are served.
TEST(memory_in_sum, those_who_wait_are_read_from_again) {
    const running_server serving({.memory_max = 9 * MiB});
    std::vector<raw_socket> crowd;
    std::vector<std::thread> senders;
    std::string half = large_frame().substr(0, message_bytes / 2 + 100'000);
    for (int i = 0; i < 4; ++i) {
        crowd.push_back(serving.connect());
        crowd.back().send(half);
    }
    for (auto& one : crowd) {
        senders.emplace_back([&one, &half] {
            one.send(std::string_view(large_frame()).substr(half.size()));
            EXPECT_EQ(one.receive(large_frame().size()), large_frame());
            one.close();
        });
    }
    for (auto& one : senders) one.join();
    EXPECT_EQ(serving.failures(errc::limit_memory), 0U);
}

// Each connection takes a little itself, too little to be worth its end.
TEST(memory_in_sum, nobody_is_accepted_without_memory) {
    const running_server serving({.memory_max = 64 * KiB});
    std::vector<raw_socket> crowd;
    for (int i = 0; i < 200; ++i) crowd.push_back(serving.connect());
    EXPECT_TRUE(eventually([&] { return serving.statistics().open > 20; }));
    EXPECT_EQ(crowd.front().request("served"), digits_frame("served"));
    EXPECT_FALSE(crowd.back().readable_within(milliseconds(200)));
    EXPECT_LT(serving.statistics().open, 160U);
    crowd.back().send(digits_frame("waits"));
    for (std::size_t i = 0; i + 1 < crowd.size(); ++i) crowd[i].close();
    EXPECT_EQ(crowd.back().receive(15), digits_frame("waits"));
}

TEST(memory_in_sum, returns_to_the_system_after_a_burst) {
    const auto before = resident_bytes();
    const running_server serving;
    {
        std::vector<raw_socket> crowd;
        for (int i = 0; i < 60; ++i) {
            crowd.push_back(serving.connect());
            crowd.back().send(std::string_view(large_frame()).substr(0, message_bytes));
        }
        EXPECT_TRUE(
            eventually([&] { return serving.statistics().bytes_received >= 60 * message_bytes; }));
        EXPECT_TRUE(is_sanitized || resident_bytes() > before + 100 * MiB);
    }
    EXPECT_TRUE(serving.comes_to_have_open(0));
    EXPECT_TRUE(eventually([&] { return resident_bytes() < before + 24 * MiB; }));
}

}  // namespace
}  // namespace framewire::tests::memory_in_sum_tests
