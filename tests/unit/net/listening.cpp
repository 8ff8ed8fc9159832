#include "eventually.hpp"
#include "resources.hpp"
#include "running_server.hpp"
#include "scratch_path.hpp"

#include <gtest/gtest.h>
#include <unistd.h>
#include <fstream>
#include <string>

namespace framewire::tests::listening_tests {
namespace {

result<server> listen_on(std::string_view address, unsigned threads = 1) {
    return server::listen(address, "digits:10", service_named("echo"), {.threads = threads});
}

bool has_ipv6() {
    try {
        raw_socket probe(endpoint::family::ipv6);
        probe.begin_to_connect({"::1", 9, endpoint::family::ipv6});
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

TEST(listening, the_system_chooses_a_port) {
    const auto one = listen_on("127.0.0.1:0");
    ASSERT_TRUE(one);
    EXPECT_EQ(one->local().host, "127.0.0.1");
    EXPECT_NE(one->local().port, 0);
    EXPECT_EQ(one->local().kind, endpoint::family::ipv4);
}

TEST(listening, a_name_is_resolved) {
    const auto one = listen_on("localhost:0");
    ASSERT_TRUE(one) << one.error().message();
    EXPECT_NE(one->local().port, 0);
}

TEST(listening, a_port_that_is_taken_is_refused) {
    for (const unsigned first_threads : {1U, 3U}) {
        const auto first = listen_on("127.0.0.1:0", first_threads);
        ASSERT_TRUE(first);
        const auto where = first->local().text();
        const auto before = open_descriptors();
        for (const unsigned second_threads : {1U, 3U}) {
            const auto second = listen_on(where, second_threads);
            ASSERT_FALSE(second) << first_threads << " and " << second_threads;
            EXPECT_EQ(second.error().message(), "cannot listen on " + where + ": address in use");
            EXPECT_FALSE(second.error().hint.empty());
        }
        EXPECT_EQ(open_descriptors(), before);
    }
}

TEST(listening, a_port_is_free_again_after_the_server) {
    std::string where;
    {
        running_server first;
        where = first.local().text();
        auto one = first.connect();
        EXPECT_EQ(one.request("x"), digits_frame("x"));
        first.stop();
        EXPECT_EQ(one.receive_to_end().how, ending::eof);
    }
    for (const unsigned threads : {1U, 2U}) {
        const auto second = listen_on(where, threads);
        EXPECT_TRUE(second) << second.error().message();
    }
}

TEST(listening, what_cannot_be_listened_on) {
    const auto before = open_descriptors();
    EXPECT_FALSE(listen_on("nobody.invalid:7000"));
    EXPECT_FALSE(listen_on("192.0.2.1:0"));
    EXPECT_FALSE(listen_on("127.0.0.1"));
    EXPECT_FALSE(listen_on("unix:/no/such/folder/socket"));
    EXPECT_FALSE(listen_on("unix:/" + std::string(200, 'x')));
    EXPECT_FALSE(server::listen("127.0.0.1:0", "digits:", service_named("echo")));
    EXPECT_EQ(open_descriptors(), before);
}

TEST(listening, ipv6_loopback) {
    if (!has_ipv6()) GTEST_SKIP() << "no IPv6 here";
    for (const unsigned threads : {1U, 2U}) {
        const running_server serving({.threads = threads}, {.address = "[::1]:0"});
        EXPECT_EQ(serving.local().kind, endpoint::family::ipv6);
        EXPECT_TRUE(serving.local().text().starts_with("[::1]:"));
        EXPECT_EQ(serving.connect().request("six"), digits_frame("six"));
    }
}

TEST(listening, every_ipv4_address) {
    const running_server serving({}, {.address = ":0"});
    EXPECT_EQ(serving.local().host, "0.0.0.0");
    raw_socket one(endpoint{"127.0.0.1", serving.local().port});
    EXPECT_EQ(one.request("any"), digits_frame("any"));
}

TEST(listening, local_socket) {
    const scratch_path scratch("local.sock");
    const auto where = scratch.address();
    {
        running_server serving({}, {.address = where});
        EXPECT_EQ(serving.local().kind, endpoint::family::local);
        EXPECT_EQ(serving.local().text(), where);
        auto one = serving.connect();
        EXPECT_EQ(one.request("local"), digits_frame("local"));
        serving.stop();
        EXPECT_EQ(one.receive_to_end().how, ending::eof);
        one.close();
        EXPECT_TRUE(serving.ends_within(test_timeout));
    }
}

TEST(listening, a_local_socket_that_a_server_listens_on_is_refused) {
    const scratch_path scratch("taken.sock");
    const auto where = scratch.address();
    const running_server first({}, {.address = where});
    const auto second = listen_on(where);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().message(), "cannot listen on " + where + ": address in use");
    EXPECT_EQ(first.connect().request("mine"), digits_frame("mine"));
}

TEST(listening, a_socket_file_that_was_left_over_is_replaced) {
    const scratch_path scratch("left_over.sock");
    const auto& path = scratch.text();
    const auto where = scratch.address();
    { const auto first = listen_on(where); }
    // What a server that was killed leaves behind.
    if (::access(path.c_str(), F_OK) != 0) {
        auto killed = listen_on(where);
        ASSERT_TRUE(killed);
        ::link(path.c_str(), (path + ".kept").c_str());
        killed = tl::unexpected(failure{});
        ::rename((path + ".kept").c_str(), path.c_str());
    }
    for (const unsigned threads : {1U, 2U}) {
        const running_server second({.threads = threads}, {.address = where});
        EXPECT_EQ(second.connect().request("mine"), digits_frame("mine"));
    }
}

TEST(listening, a_file_that_is_no_socket_is_left_alone) {
    const scratch_path scratch("file.sock");
    const auto& path = scratch.text();
    const auto where = scratch.address();
    std::ofstream(path) << "precious";
    EXPECT_FALSE(listen_on(where));
    std::string found;
    std::ifstream(path) >> found;
    EXPECT_EQ(found, "precious");
}

}  // namespace
}  // namespace framewire::tests::listening_tests
