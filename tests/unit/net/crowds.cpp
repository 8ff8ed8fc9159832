// Connections that say nothing make room for others.

#include "eventually.hpp"
#include "running_server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <chrono>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace framewire::tests::crowds_tests {
namespace {

using std::chrono::milliseconds;

// As if from another host.
raw_socket connect_from(const char* host, const running_server& to) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in from{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {}, .sin_zero = {}};
    EXPECT_EQ(::inet_pton(AF_INET, host, &from.sin_addr), 1);
    EXPECT_EQ(::bind(descriptor, reinterpret_cast<const sockaddr*>(&from), sizeof from), 0);
    raw_socket one(descriptor);
    one.connect(to.local());
    return one;
}

bool serves(raw_socket& one) {
    try {
        return one.request("in") == digits_frame("in");
    } catch (const std::exception&) {
        return false;
    }
}

bool has_ended(raw_socket& one) { return one.readable_within(milliseconds(0)); }

std::vector<raw_socket> silent_crowd(const running_server& of, std::size_t count) {
    std::vector<raw_socket> crowd;
    for (std::size_t i = 0; i < count; ++i) crowd.push_back(of.connect());
    EXPECT_TRUE(eventually([&] { return of.statistics().accepted >= count; }));
    return crowd;
}

// Tries again and again, until one of those that are in has been silent for long enough.
raw_socket served_in_the_end(const running_server& by) {
    raw_socket in = by.connect();
    EXPECT_TRUE(eventually([&] {
        if (serves(in)) return true;
        in = by.connect();
        return false;
    }));
    return in;
}

TEST(crowds, row_151_those_who_say_nothing_lock_nobody_out) {
    const running_server serving({.connections_max = 20});
    const auto crowd = silent_crowd(serving, 100);
    auto one = served_in_the_end(serving);
    EXPECT_TRUE(serves(one));
    EXPECT_GE(serving.failures(errc::limit_connections), 80U);
    EXPECT_EQ(serving.failures(errc::limit_evicted), 1U);
    EXPECT_EQ(serving.statistics().open, 20U);
}

// The first has spoken since, and the second owes us the rest of its frame.
TEST(crowds, the_most_silent_makes_room) {
    const running_server serving(
        {.limits = {.header_deadline = milliseconds(0)}, .connections_max = 4});
    auto crowd = silent_crowd(serving, 4);
    crowd[1].send("000");
    EXPECT_FALSE(crowd[1].readable_within(milliseconds(150)));
    EXPECT_TRUE(serves(crowd[0]));
    auto one = served_in_the_end(serving);
    EXPECT_TRUE(crowd[2].readable_within(test_timeout));
    EXPECT_EQ(crowd[2].receive_to_end().how, ending::eof);
    EXPECT_FALSE(has_ended(crowd[3]));
    crowd[1].send("0000002hi");
    EXPECT_EQ(crowd[1].receive(12), digits_frame("hi"));
    EXPECT_TRUE(serves(crowd[0]));
    EXPECT_TRUE(serves(one));
}

TEST(crowds, those_who_speak_make_no_room) {
    const running_server serving({.connections_max = 2});
    auto crowd = silent_crowd(serving, 2);
    const auto until = std::chrono::steady_clock::now() + milliseconds(1500);
    while (std::chrono::steady_clock::now() < until) {
        for (auto& one : crowd) EXPECT_TRUE(serves(one));
        EXPECT_NE(serving.connect().receive_to_end().how, ending::silence);
    }
    EXPECT_EQ(serving.failures(errc::limit_evicted), 0U);
}

TEST(crowds, row_151_one_host_has_only_its_part) {
    const running_server serving({.connections_max = 40, .connections_per_address_max = 3});
    auto crowd = silent_crowd(serving, 30);
    EXPECT_TRUE(serving.comes_to_have_open(3));
    EXPECT_GE(serving.failures(errc::limit_address), 20U);
    auto other = connect_from("127.0.0.2", serving);
    EXPECT_TRUE(serves(other));
    EXPECT_FALSE(has_ended(crowd[2]));
}

TEST(crowds, a_host_makes_room_for_itself_and_for_nobody_else) {
    const running_server serving({.connections_max = 40, .connections_per_address_max = 2});
    auto other = connect_from("127.0.0.2", serving);
    EXPECT_TRUE(serving.comes_to_have_open(1));
    auto crowd = silent_crowd(serving, 2);
    EXPECT_TRUE(serving.comes_to_have_open(3));
    auto one = served_in_the_end(serving);
    EXPECT_EQ(crowd[0].receive_to_end().how, ending::eof);
    EXPECT_FALSE(has_ended(crowd[1]));
    EXPECT_TRUE(serves(other));
    EXPECT_EQ(serving.statistics().open, 3U);
}

TEST(crowds, a_host_that_leaves_is_no_longer_counted) {
    const running_server serving({.connections_per_address_max = 1});
    for (std::uint64_t i = 0; i < 10; ++i) {
        auto one = serving.connect();
        EXPECT_TRUE(serves(one));
        one.close();
        ASSERT_TRUE(serving.comes_to_have_open(0));
    }
    EXPECT_EQ(serving.failures(errc::limit_address), 0U);
}

TEST(crowds, a_tenth_is_for_one_host_but_few_are_not_divided) {
    const running_server few({.connections_max = 50});
    const auto crowd = silent_crowd(few, 50);
    EXPECT_TRUE(few.comes_to_have_open(50));
    const running_server many({.connections_max = 1500});
    const auto others = silent_crowd(many, 160);
    EXPECT_TRUE(many.comes_to_count(errc::limit_address, 10));
    EXPECT_EQ(many.statistics().open, 150U);
}

}  // namespace
}  // namespace framewire::tests::crowds_tests
