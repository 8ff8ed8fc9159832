#include "eventually.hpp"
#include "resources.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <thread>
#include <vector>

namespace framewire::tests::lifetime_tests {
namespace {

result<server> listening(unsigned threads) {
    return server::listen("127.0.0.1:0", "digits:10", service_named("echo"), {.threads = threads});
}

TEST(lifetime, a_server_that_never_ran_leaves_nothing) {
    const auto before = open_descriptors();
    for (const unsigned threads : {1U, 3U}) {
        auto idle = listening(threads);
        ASSERT_TRUE(idle);
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST(lifetime, connections_of_a_server_that_never_ran_are_closed) {
    const auto before = open_descriptors();
    {
        std::vector<raw_socket> waiting;
        {
            auto idle = listening(1);
            ASSERT_TRUE(idle);
            for (int i = 0; i < 3; ++i) waiting.emplace_back(idle->local());
        }
        for (auto& one : waiting) EXPECT_TRUE(one.readable_within(std::chrono::seconds(1)));
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST(lifetime, a_server_that_was_stopped_but_never_ran_leaves_nothing) {
    const auto before = open_descriptors();
    for (const unsigned threads : {1U, 3U}) {
        auto idle = listening(threads);
        ASSERT_TRUE(idle);
        const raw_socket waiting(idle->local());
        idle->stop();
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST(lifetime, a_server_that_ran_leaves_nothing) {
    const auto before = open_descriptors();
    for (const unsigned threads : {1U, 4U}) {
        running_server serving({.threads = threads});
        std::vector<raw_socket> crowd;
        for (int i = 0; i < 20; ++i) crowd.push_back(serving.connect());
        for (auto& one : crowd) EXPECT_EQ(one.request("hello"), digits_frame("hello"));
        crowd.front().send("0000");
        serving.stop();
        serving.stop();
        EXPECT_TRUE(serving.ends_within(test_timeout));
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST(lifetime, stop_after_the_end_is_harmless) {
    running_server serving;
    serving.stop();
    EXPECT_TRUE(serving.ends_within(test_timeout));
    serving.stop();
    serving.stop();
}

TEST(lifetime, a_moved_server_works) {
    auto first = listening(2);
    ASSERT_TRUE(first);
    server second(std::move(*first));
    std::thread runs([&] { second.run(); });
    EXPECT_EQ(raw_socket(second.local()).request("moved"), digits_frame("moved"));
    second.stop();
    runs.join();
}

TEST(lifetime, a_thousand_short_connections_leave_nothing) {
    const running_server serving;
    EXPECT_EQ(serving.connect().request("first"), digits_frame("first"));
    ASSERT_TRUE(serving.comes_to_have_open(0));
    const auto before = open_descriptors();
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(serving.connect().request("x"), digits_frame("x"));
    EXPECT_TRUE(serving.comes_to_have_open(0));
    EXPECT_TRUE(eventually([&] { return open_descriptors() == before; }));
}

}  // namespace
}  // namespace framewire::tests::lifetime_tests
