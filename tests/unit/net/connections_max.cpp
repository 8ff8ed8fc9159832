#include "eventually.hpp"
#include "recording_observer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace framewire::tests::connections_max_tests {
namespace {

TEST(connections_max, the_next_one_is_closed_at_once) {
    recording_observer observer;
    const running_server serving({.connections_max = 3, .observer = &observer});
    std::vector<raw_socket> crowd;
    for (int i = 0; i < 3; ++i) {
        crowd.push_back(serving.connect());
        EXPECT_EQ(crowd.back().request("in"), digits_frame("in"));
    }
    for (int i = 0; i < 4; ++i) {
        for (auto& one : crowd) EXPECT_EQ(one.request("not silent"), digits_frame("not silent"));
        EXPECT_EQ(serving.connect().receive_to_end().how, ending::eof);
    }
    for (auto& one : crowd) EXPECT_EQ(one.request("still in"), digits_frame("still in"));
    EXPECT_EQ(serving.failures(errc::limit_connections), 4U);
    EXPECT_EQ(serving.statistics().accepted, 7U);
    EXPECT_EQ(serving.statistics().open, 3U);
    EXPECT_EQ(observer.count("refused limit.connections"), 4U);
    EXPECT_EQ(observer.count("opened"), 3U);
}

TEST(connections_max, a_place_that_is_free_again_is_given_away) {
    const running_server serving({.connections_max = 1});
    for (int i = 0; i < 5; ++i) {
        auto one = serving.connect();
        EXPECT_EQ(one.request("in"), digits_frame("in"));
        EXPECT_NE(serving.connect().receive_to_end().how, ending::silence);
        one.close();
        EXPECT_TRUE(serving.comes_to_have_open(0));
    }
    EXPECT_EQ(serving.failures(errc::limit_connections), 5U);
}

TEST(connections_max, counts_all_threads_together) {
    const running_server serving({.threads = 4, .connections_max = 10});
    std::vector<raw_socket> crowd;
    for (int i = 0; i < 30; ++i) crowd.push_back(serving.connect());
    EXPECT_TRUE(serving.comes_to_count(errc::limit_connections, 20));
    EXPECT_EQ(serving.failures(errc::limit_connections), 20U);
    EXPECT_EQ(serving.statistics().open, 10U);
}

}  // namespace
}  // namespace framewire::tests::connections_max_tests
