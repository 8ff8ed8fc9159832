// Peers that send much, beside one that asks for little.

#include "eventually.hpp"
#include "framewire/core/units.hpp"
#include "net/event_loop.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace framewire::tests::busy_peers_tests {
namespace {

using std::chrono::milliseconds;

constexpr int peers = 20;
constexpr int frames_in_a_cycle = 512;

// The only thread of the server stays inside the service until it is let go: first until all have
// sent, then in the second cycle of one of the crowd, while the others wait for theirs.
TEST(busy_peers, row_19_one_message_waits_for_none_of_the_crowd) {
    gate first_called;
    gate all_sent;
    gate second_called;
    gate asked;
    std::atomic<int> frames{0};
    std::atomic<int> before_honest{-1};
    const running_server serving({}, {.service = service_from([&](bytes payload, outbox& replies) {
                                          ++frames;
                                          if (payload == "first") {
                                              first_called.open();
                                              all_sent.pass();
                                          } else if (payload == "second") {
                                              second_called.open();
                                              asked.pass();
                                              frames = 0;
                                          } else if (payload == "honest") {
                                              before_honest = frames.load();
                                          }
                                          EXPECT_TRUE(replies.reply(payload));
                                      })});
    auto honest = serving.connect();
    EXPECT_EQ(honest.request("hello"), digits_frame("hello"));
    auto first = serving.connect();
    first.send(digits_frame("first"));
    first_called.pass();
    std::string many;
    for (int i = 0; i < 4 * frames_in_a_cycle; ++i) many += digits_frame("x");
    std::string with_second;
    for (int i = 0; i < frames_in_a_cycle + 10; ++i) with_second += digits_frame("x");
    with_second += digits_frame("second") + many;
    std::vector<raw_socket> crowd;
    for (int i = 0; i < peers; ++i) {
        crowd.push_back(serving.connect());
        crowd.back().send(i == 0 ? with_second : many);
    }
    all_sent.open();
    second_called.pass();
    honest.send(digits_frame("honest"));
    // Longer than the share of a round that the crowd may have.
    EXPECT_FALSE(honest.readable_within(milliseconds(5)));
    asked.open();
    EXPECT_EQ(honest.receive(16), digits_frame("honest"));
    EXPECT_LE(before_honest, 2 * frames_in_a_cycle);
    EXPECT_EQ(crowd[0].receive(with_second.size()), with_second);
    for (auto one = crowd.begin() + 1; one != crowd.end(); ++one) {
        EXPECT_EQ(one->receive(many.size()), many);
    }
}

// All of them together send more than their loop admits, and none of them more than it may.
TEST(busy_peers, row_20_tiny_frames_of_all_are_bounded_too) {
    const running_server serving({.limits = {.tiny_frames_per_second_max = 4000}});
    std::string many;
    for (int i = 0; i < 3000; ++i) many += digits_frame("x");
    std::vector<raw_socket> crowd;
    for (int i = 0; i < 5; ++i) {
        crowd.push_back(serving.connect());
        crowd.back().send(many);
    }
    for (auto& one : crowd) EXPECT_TRUE(one.receive(many.size()) == many);
    EXPECT_EQ(serving.failures(errc::frame_flood), 0U);
}

TEST(busy_peers, a_loop_admits_so_many_tiny_frames) {
    event_loop loop;
    EXPECT_TRUE(loop.admits_tiny(999, 1000));
    EXPECT_FALSE(loop.admits_tiny(1, 1000));
    EXPECT_FALSE(loop.admits_tiny(1, 1000));
}

}  // namespace
}  // namespace framewire::tests::busy_peers_tests
