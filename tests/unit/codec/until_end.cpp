#include "framewire/codec/until_end.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>

namespace framewire::until_end_tests {
namespace {

using tests::encoded;
using tests::failure;
using tests::frames;
using tests::framing_of;
using tests::read;
using tests::refusal;

TEST(until_end, a_stream_is_a_payload) {
    EXPECT_EQ(encoded("eof", "Hello"), "Hello");
    EXPECT_EQ(read("eof", "Hello"), frames({{"Hello", 0}}));
    EXPECT_EQ(read("eof", ""), frames({}));
    EXPECT_EQ(read("eof,max=5", "Hello"), frames({{"Hello", 0}}));
    EXPECT_EQ(read("eof,max=4", "Hello"), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("eof,max=4,oversize=skip", "Hello"), frames({{"", 0, true}}));
}

TEST(until_end, an_empty_payload_cannot_be_seen) {
    EXPECT_EQ(refusal("eof", ""), errc::frame_wrong_size);
    EXPECT_EQ(tests::refusal_to_begin("eof", 0), errc::frame_wrong_size);
    std::string out;
    const auto frame = framing_of("eof").begin(unknown_length, out);
    ASSERT_TRUE(frame);
    EXPECT_EQ(framing_of("eof").end(*frame, out).error(), errc::frame_wrong_size);
}

TEST(until_end, is_over_once_it_has_ended) {
    auto decoder = framing_of("eof").decoder();
    EXPECT_EQ(decoder.end_of_stream().what, step::need_more);
    bytes input = "ab";
    EXPECT_FALSE(decoder.next(input).piece.last);
    EXPECT_TRUE(decoder.end_of_stream().piece.last);
    EXPECT_EQ(decoder.phase(), frame_phase::between_frames);
    EXPECT_EQ(decoder.end_of_stream().what, step::need_more);
}

TEST(until_end, is_inside_a_payload_from_the_first_byte_on) {
    auto decoder = framing_of("eof,max=3").decoder();
    EXPECT_EQ(decoder.phase(), frame_phase::between_frames);
    bytes input = "ab";
    EXPECT_EQ(decoder.next(input).what, step::piece);
    EXPECT_EQ(decoder.phase(), frame_phase::payload);
}

TEST(until_end, an_error_is_the_last) {
    auto decoder = framing_of("eof,max=3").decoder();
    bytes input = "abcd";
    EXPECT_EQ(decoder.next(input).what, step::failed);
    bytes more = "x";
    EXPECT_EQ(decoder.next(more).what, step::failed);
    EXPECT_EQ(more, "x");
    EXPECT_EQ(decoder.failure().code, errc::frame_too_large);
}

}  // namespace
}  // namespace framewire::until_end_tests
