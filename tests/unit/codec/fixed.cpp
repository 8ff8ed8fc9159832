#include "framewire/codec/fixed.hpp"

#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::fixed_tests {
namespace {

using tests::framing_of;
using tests::read_cut_by;
using tests::read_whole;
using tests::reading;
using tests::stream_reader;

TEST(fixed, every_frame_has_the_same_size) {
    const reading expected{.frames = {{"abcd", 0}, {"efgh", 4}, {"0004", 8}}};
    EXPECT_EQ(read_whole(framing_of("fixed:4").decoder(), "abcdefgh0004"), expected);
}

TEST(fixed, every_segmentation_says_the_same) {
    const reading expected{
        .frames = {{"abcd", 0}, {"efgh", 4}}, .error = errc::frame_truncated, .error_offset = 11};
    for (std::size_t cuts = 0; cuts < 1U << 10; ++cuts) {
        ASSERT_EQ(read_cut_by(framing_of("fixed:4").decoder(), "abcdefghijk", cuts), expected);
    }
}

TEST(fixed, says_how_much_of_a_frame_is_missing) {
    stream_reader reader(framing_of("fixed:16").decoder());
    EXPECT_TRUE(reader.feed("Greetin"));
    EXPECT_EQ(reader.wanted(), 9U);
    EXPECT_EQ(reader.decoder().truncation().message(),
              "frame.truncated at 7: was expecting 16 bytes but only received 7 bytes before the "
              "socket closed");
}

TEST(fixed, carries_any_bytes) {
    std::string all;
    for (unsigned value = 0; value < 256; ++value) all += static_cast<char>(value);
    std::string stream;
    EXPECT_TRUE(framing_of("fixed:256").encode(all, stream));
    EXPECT_EQ(stream, all);
    EXPECT_EQ(read_whole(framing_of("fixed:256").decoder(), stream),
              (reading{.frames = {{all, 0}}}));
}

TEST(fixed, refuses_to_write_any_other_size) {
    for (const char* payload : {"", "abc", "abcde"}) {
        std::string out = "as it was";
        const auto failed = framing_of("fixed:4").encode(payload, out);
        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error(), errc::frame_wrong_size);
        EXPECT_EQ(out, "as it was");
    }
    std::string out;
    const auto failed = framing_of("fixed:4").begin(5, out);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error(), errc::frame_wrong_size);
}

TEST(fixed, measures_only_what_it_can_carry) {
    EXPECT_EQ(fixed{4}.measure("abcd"), 4U);
    const auto failed = fixed{4}.measure("abc");
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error(), errc::frame_wrong_size);
}

TEST(fixed, above_its_own_max_fails_at_the_first_byte) {
    const reading expected{.error = errc::frame_too_large, .error_offset = 0};
    EXPECT_EQ(read_whole(framing_of("fixed:4,max=3").decoder(), "a"), expected);
    EXPECT_EQ(read_whole(framing_of("fixed:4").decoder(3), "abcd"), expected);
}

TEST(fixed, above_its_own_max_can_be_skipped) {
    const reading expected{.frames = {{"", 0, true}, {"", 4, true}}};
    EXPECT_EQ(read_whole(framing_of("fixed:4,max=3,oversize=skip").decoder(), "abcdefgh"),
              expected);
}

}  // namespace
}  // namespace framewire::fixed_tests
