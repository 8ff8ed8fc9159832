// A dissector of a stream whose framing changes.

#include "dissection.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::dissector_framings_tests {
namespace {

using namespace std::string_view_literals;
using tests::framing_of;

// Each frame as `framing offset: payload`, from reads of this size.
std::vector<std::string> dissect(dissector one, bytes stream, std::size_t size) {
    std::vector<std::string> found;
    for (const auto chunk : tests::in_pieces_of(stream, size)) {
        one.receive(chunk, [&](frame_anatomy&& frame) {
            if (!frame.over()) return;
            found.push_back(one.frames().spec() + ' ' + std::to_string(frame.offset) + ": " +
                            frame.payload);
            if (frame.payload == "u8") one.use(framing_of("u8"));
            if (frame.payload == "more") one.use(framing_of("netstring,first=line"));
        });
    }
    return found;
}

TEST(dissector_framings, change_after_the_frame_in_which_they_are_told) {
    const auto stream = "02u8\4more\1a\n1:b,"sv;
    const std::vector<std::string> expected{"digits:2 0: u8", "u8 4: more", "line 9: \1a",
                                            "netstring,first=line 12: b"};
    for (std::size_t size = 1; size <= stream.size(); ++size) {
        EXPECT_EQ(dissect(dissector(framing_of("digits:2"), 64), stream, size), expected) << size;
    }
}

TEST(dissector_framings, change_after_a_frame_that_is_open) {
    dissector one(framing_of("digits:2"), 64);
    (void)one.receive("05He");
    one.use(framing_of("u8"));
    EXPECT_EQ(one.frames().spec(), "digits:2");
    const auto found = one.receive("llo\1a"sv);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].payload, "Hello");
    EXPECT_EQ(found[1].payload, "a");
    EXPECT_EQ(found[1].offset, 7U);
    EXPECT_EQ(one.frames().spec(), "u8");
}

}  // namespace
}  // namespace framewire::dissector_framings_tests
