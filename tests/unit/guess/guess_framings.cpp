#include "guess/guess_framings.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace framewire::guess_framings_tests {
namespace {

using namespace std::string_view_literals;

seen_conversation sent(std::string_view client, std::string_view server = {}) {
    seen_conversation seen;
    seen.client.segments.push_back({client});
    if (!server.empty()) seen.server.segments.push_back({server});
    return seen;
}

TEST(guess_framings, names_what_a_dump_is) {
    const auto fits = guess_framings(sent("0000000005Hello"sv));
    ASSERT_FALSE(fits.empty());
    EXPECT_EQ(fits[0].name, "digits:10");
    EXPECT_EQ(fits[0].client.frames, 1U);
    EXPECT_EQ(fits[0].client.payload_bytes, 5U);
    EXPECT_EQ(fits[0].reason, "its frame ends where the bytes do");
}

}  // namespace
}  // namespace framewire::guess_framings_tests
