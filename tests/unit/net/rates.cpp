#include "eventually.hpp"
#include "recording_observer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <string>
#include <vector>

namespace framewire::tests::rates_tests {
namespace {

using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

std::string frames(int count, const std::string& payload = "x") {
    std::string all;
    for (int i = 0; i < count; ++i) all += digits_frame(payload);
    return all;
}

// Only too early can be seen: a busy machine is as late as it wants.
TEST(rates, messages_above_the_rate_come_later_and_none_is_lost) {
    const running_server serving({.messages_per_second_max = 20});
    auto peer = serving.connect();
    const auto began = clock::now();
    const auto all = frames(26);
    peer.send(all);
    EXPECT_EQ(peer.receive(all.size()), all);
    EXPECT_GE(clock::now() - began, milliseconds(6 * 1000 / 20 - 1));
    EXPECT_EQ(serving.statistics().frames, 26U);
}

TEST(rates, bytes_above_the_rate_are_read_later) {
    const running_server serving({.bytes_per_second_max = 10'000});
    auto peer = serving.connect();
    const auto began = clock::now();
    const auto all = frames(1, std::string(12'000, 'x'));
    peer.send(all);
    EXPECT_EQ(peer.receive(all.size()), all);
    EXPECT_GE(clock::now() - began, milliseconds(199));
}

TEST(rates, the_connections_of_an_address_share_them) {
    const running_server serving({.threads = 2, .messages_per_second_max = 20});
    const auto began = clock::now();
    const auto each = frames(6);
    std::vector<raw_socket> peers;
    for (int i = 0; i < 4; ++i) {
        peers.push_back(serving.connect());
        peers.back().send(each);
    }
    for (auto& one : peers) EXPECT_EQ(one.receive(each.size()), each);
    EXPECT_GE(clock::now() - began, milliseconds(4 * 1000 / 20 - 1));
}

TEST(rates, a_connection_that_comes_back_is_no_new_one) {
    const running_server serving({.messages_per_second_max = 20});
    const auto began = clock::now();
    for (int i = 0; i < 4; ++i) {
        auto peer = serving.connect();
        peer.send(frames(6));
        EXPECT_EQ(peer.receive(frames(6).size()), frames(6));
    }
    EXPECT_GE(clock::now() - began, milliseconds(4 * 1000 / 20 - 1));
}

TEST(rates, nobody_else_waits) {
    const running_server serving({.messages_per_second_max = 1}, {.address = "[::]:0"});
    const endpoint at{"::1", serving.local().port, endpoint::family::ipv6};
    const endpoint other{"127.0.0.1", serving.local().port, endpoint::family::ipv4};
    raw_socket greedy(at);
    greedy.send(frames(100));
    EXPECT_EQ(greedy.receive(frames(1).size()), frames(1));
    EXPECT_EQ(raw_socket(other).request("Hello"), digits_frame("Hello"));
}

// Its deadlines do not run while it is not read from.
TEST(rates, a_pause_is_not_held_against_the_peer) {
    running_server serving({.limits = {.header_deadline = milliseconds(50),
                                       .body_deadline = milliseconds(50),
                                       .idle_deadline = milliseconds(50)},
                            .messages_per_second_max = 4});
    auto peer = serving.connect();
    peer.send(frames(5));
    EXPECT_EQ(peer.receive(frames(5).size()), frames(5));
    EXPECT_EQ(serving.failures(errc::io_timeout_header), 0U);
    EXPECT_EQ(serving.failures(errc::io_timeout_body), 0U);
}

TEST(rates, the_end_of_the_stream_comes_after_the_messages) {
    recording_observer observer;
    const running_server serving({.messages_per_second_max = 10, .observer = &observer});
    auto peer = serving.connect();
    peer.send(frames(12));
    peer.send_end();
    EXPECT_EQ(peer.receive_to_end().received, frames(12));
    peer.close();
    EXPECT_TRUE(serving.comes_to_have_open(0));
    EXPECT_EQ(observer.count("closed 1 by_peer"), 1U);
}

TEST(rates, a_server_that_stops_serves_what_has_come) {
    running_server serving({.messages_per_second_max = 10});
    auto peer = serving.connect();
    peer.send(frames(12));
    EXPECT_EQ(peer.receive(frames(1).size()), frames(1));
    serving.stop();
    EXPECT_EQ(peer.receive_to_end().received, frames(11));
    peer.close();
    EXPECT_TRUE(serving.ends_within(test_timeout));
    EXPECT_EQ(serving.failures(errc::limit_drain), 0U);
}

TEST(rates, of_accepting_let_the_others_wait) {
    const running_server serving({.accepts_per_second_max = 10});
    const auto began = clock::now();
    std::vector<raw_socket> peers;
    for (int i = 0; i < 12; ++i) peers.push_back(serving.connect());
    for (auto& one : peers) EXPECT_EQ(one.request("Hello"), digits_frame("Hello"));
    EXPECT_GE(clock::now() - began, milliseconds(2 * 1000 / 10 - 1));
    EXPECT_EQ(serving.statistics().accepted, 12U);
}

}  // namespace
}  // namespace framewire::tests::rates_tests
