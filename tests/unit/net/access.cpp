#include "eventually.hpp"
#include "recording_observer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <string_view>

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

}  // namespace
}  // namespace framewire::tests::access_tests
