#include "eventually.hpp"
#include "recording_observer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <string_view>
#include <thread>
#include <vector>

namespace framewire::tests::access_tests {
namespace {

std::vector<address_range> ranges(std::initializer_list<std::string_view> all) {
    std::vector<address_range> made;
    for (const auto text : all) made.push_back(*address_range::parse(text));
    return made;
}

TEST(access, what_is_denied_is_refused_at_once) {
    recording_observer observer;
    const running_server serving(
        {.access = {.denied = ranges({"127.0.0.0/8"})}, .observer = &observer});
    EXPECT_NE(serving.connect().receive_to_end().how, ending::silence);
    EXPECT_TRUE(serving.comes_to_count(errc::limit_denied));
    EXPECT_TRUE(eventually([&] { return observer.has("refused limit.denied"); }));
    EXPECT_EQ(serving.statistics().open, 0U);
    EXPECT_EQ(observer.count("opened"), 0U);
}

TEST(access, what_is_not_allowed_is_refused) {
    const running_server serving({.access = {.allowed = ranges({"192.0.2.0/24", "unix"})}});
    EXPECT_NE(serving.connect().receive_to_end().how, ending::silence);
    EXPECT_TRUE(serving.comes_to_count(errc::limit_denied));
}

TEST(access, what_is_allowed_is_served) {
    const running_server serving({.access = {.allowed = ranges({"127.0.0.1"})}});
    EXPECT_EQ(serving.connect().request("Hello"), digits_frame("Hello"));
}

TEST(access, changes_for_connections_that_open_later) {
    auto made = server::listen("127.0.0.1:0", "digits:10", service_named("echo"),
                               {.access = {.denied = ranges({"127.0.0.1"})}});
    ASSERT_TRUE(made);
    std::thread runs([&] { EXPECT_TRUE(made->run()); });
    EXPECT_NE(raw_socket(made->local()).receive_to_end().how, ending::silence);
    made->change({});
    {
        raw_socket open(made->local());
        EXPECT_EQ(open.request("Hello"), digits_frame("Hello"));
        made->change({.access = {.allowed = ranges({"::1"})}});
        EXPECT_EQ(open.request("still"), digits_frame("still"));
        EXPECT_NE(raw_socket(made->local()).receive_to_end().how, ending::silence);
    }
    made->stop();
    runs.join();
}

}  // namespace
}  // namespace framewire::tests::access_tests
