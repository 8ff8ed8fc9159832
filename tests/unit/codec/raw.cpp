#include "framewire/codec/raw.hpp"

#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::raw_tests {
namespace {

using tests::framing_of;
using tests::read_in;
using tests::reading;

TEST(raw, a_payload_is_what_one_call_brings) {
    const auto all = read_in(framing_of("raw").decoder(), {"Hi", bytes("\0\xFF", 2), "", "you"});
    ASSERT_EQ(all.frames.size(), 3U);
    EXPECT_EQ(all.frames[0].payload, "Hi");
    EXPECT_EQ(all.frames[1].payload, bytes("\0\xFF", 2));
    EXPECT_EQ(all.frames[1].offset, 2U);
    EXPECT_EQ(all.frames[2].payload, "you");
    EXPECT_EQ(all.frames[2].offset, 4U);
    EXPECT_FALSE(all.error);
}

TEST(raw, cuts_at_its_max) {
    const reading expected{.frames = {{"abc", 0}, {"def", 3}, {"g", 6}}};
    EXPECT_EQ(read_in(framing_of("raw,max=3").decoder(), {"abcdefg"}), expected);
    EXPECT_EQ(read_in(framing_of("raw").decoder(3), {"abcdefg"}), expected);
}

TEST(raw, goes_on_byte_by_byte_where_nothing_is_allowed) {
    EXPECT_EQ(read_in(framing_of("raw").decoder(0), {"abc"}).frames.size(), 3U);
}

TEST(raw, always_stands_between_frames) {
    auto decoder = framing_of("raw").decoder();
    EXPECT_EQ(decoder.phase(), frame_phase::between_frames);
    bytes input = "Hi";
    EXPECT_EQ(decoder.next(input).what, step::piece);
    EXPECT_EQ(decoder.phase(), frame_phase::between_frames);
    EXPECT_EQ(decoder.offset(), 2U);
    EXPECT_EQ(decoder.next(input).wanted, 1U);
}

TEST(raw, announces_nothing) {
    auto decoder = framing_of("raw").decoder();
    bytes input = "Hi";
    const auto found = decoder.next(input);
    EXPECT_TRUE(found.piece.whole());
    EXPECT_EQ(found.piece.announced, unknown_length);
}

TEST(raw, sends_payloads_as_they_are) {
    std::string out;
    EXPECT_TRUE(framing_of("raw,max=3").encode("Hello", out));
    EXPECT_TRUE(framing_of("raw").encode("", out));
    EXPECT_EQ(out, "Hello");
}

}  // namespace
}  // namespace framewire::raw_tests
