#include "guess/guess_framings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::guess_framings_tests {
namespace {

using namespace std::string_view_literals;

seen_conversation sent(std::vector<bytes> client, std::vector<bytes> server = {}) {
    seen_conversation seen;
    for (const auto segment : client) seen.client.segments.push_back({segment});
    for (const auto segment : server) seen.server.segments.push_back({segment});
    return seen;
}

TEST(guess_framings, says_what_a_framing_makes_of_the_bytes) {
    const auto fits = guess_framings(sent({"0000000005Hello"sv}));
    ASSERT_FALSE(fits.empty());
    EXPECT_EQ(fits[0].name, "digits:10");
    EXPECT_EQ(fits[0].client.frames, 1U);
    EXPECT_EQ(fits[0].client.payload_bytes, 5U);
    EXPECT_EQ(fits[0].reason, "its frame ends where the bytes do");
    EXPECT_GT(fits[0].bits, 10);
}

TEST(guess_framings, counts_segments_that_end_with_a_frame) {
    const auto fits = guess_framings(sent({"\0\0\0\5Hello"sv, "\0\0\0\3you"sv}, {"\0\0\0\2OK"sv}));
    ASSERT_FALSE(fits.empty());
    EXPECT_EQ(fits[0].name, "u32be");
    EXPECT_EQ(fits[0].server.frames, 1U);
    EXPECT_EQ(fits[0].reason, "3 of 3 segments end with a frame");
}

TEST(guess_framings, knows_protocols_by_their_payloads) {
    const auto fits = guess_framings(
        sent({"\0\0\0\x22\0\3\0\0user\0alice\0database\0shop\0\0"sv, "X\0\0\0\4"sv}));
    ASSERT_FALSE(fits.empty());
    EXPECT_EQ(fits[0].name, "postgresql");
    EXPECT_NE(fits[0].reason.find("payloads begin as those of postgresql"), std::string::npos);
}

TEST(guess_framings, knows_protocols_by_their_port) {
    auto seen = sent({"\0\0\0\5Hello"sv});
    seen.port = 8087;
    const auto fits = guess_framings(seen);
    ASSERT_FALSE(fits.empty());
    EXPECT_EQ(fits[0].name, "riak");
    EXPECT_EQ(fits[0].presets.front(), "riak");
    EXPECT_NE(fits[0].reason.find("8087 is the port of riak"), std::string::npos);
}

TEST(guess_framings, names_others_that_find_the_same_frames) {
    const auto fits = guess_framings(sent({"\5Hello\x10Greetings,server"sv}));
    ASSERT_FALSE(fits.empty());
    EXPECT_EQ(fits[0].spec, "varint");
    EXPECT_EQ(std::ranges::count(fits[0].same_frames, "u8"), 1);
}

TEST(guess_framings, says_what_is_left_and_where_bytes_fail) {
    const auto fits = guess_framings(sent({"\0\0\0\5Hello\0\0\0\3you\0\0\0\x09half"sv},
                                          {"\0\0\0\2OK\0\0\0\2OKHTTP/1.1 400\r\n"sv}));
    ASSERT_FALSE(fits.empty());
    EXPECT_EQ(fits[0].name, "u32be");
    EXPECT_EQ(fits[0].client.incomplete, 8U);
    EXPECT_EQ(fits[0].server.undecoded, 14U);
    ASSERT_TRUE(fits[0].server.failure);
    EXPECT_EQ(fits[0].server.failure->offset, 12U);
    EXPECT_NE(fits[0].reason.find("the server's bytes fail at 12 (frame.too_large)"),
              std::string::npos);
    EXPECT_NE(fits[0].reason.find("8 bytes of the client are left"), std::string::npos);
}

TEST(guess_framings, begins_a_stream_that_is_known_from_its_middle_at_a_segment) {
    auto seen = sent({"lf of a message"sv, "\0\0\0\5Hello"sv, "\0\0\0\x10Greetings,server"sv});
    seen.client.is_midway = true;
    const auto fits = guess_framings(seen);
    ASSERT_FALSE(fits.empty());
    EXPECT_EQ(fits[0].name, "u32be");
    EXPECT_EQ(fits[0].client.frames, 2U);
    EXPECT_EQ(fits[0].client.passed_over, 15U);
}

TEST(guess_framings, does_without_the_first_message_where_it_was_not_seen) {
    auto seen = sent({"Q\0\0\0\x0dSELECT 1\0"sv, "X\0\0\0\4"sv}, {"Z\0\0\0\5I"sv});
    seen.client.is_midway = seen.server.is_midway = true;
    const auto fits = guess_framings(seen);
    ASSERT_FALSE(fits.empty());
    EXPECT_EQ(fits[0].presets.front(), "postgresql");
    EXPECT_EQ(fits[0].spec, R"(u32be,lead=1,adjust=-4,reply=u32be\,lead=1\,adjust=-4)");
    EXPECT_EQ(fits[0].client.frames, 2U);
}

TEST(guess_framings, begins_anew_after_a_gap) {
    auto seen = sent({"\0\0\0\5Hello\0\0\0\x20lost"sv, "\0\0\0\3you"sv});
    seen.client.segments[1].after_gap = true;
    const auto fits = guess_framings(seen);
    ASSERT_FALSE(fits.empty());
    EXPECT_EQ(fits[0].name, "u32be");
    EXPECT_EQ(fits[0].client.frames, 2U);
    EXPECT_FALSE(fits[0].client.failure);
}

TEST(guess_framings, finds_nothing_in_random_bytes) {
    std::mt19937 random(7);
    std::string noise(4000, '\0');
    for (auto& byte : noise) byte = static_cast<char>(random());
    EXPECT_TRUE(guess_framings(sent({noise})).empty());
    EXPECT_TRUE(guess_framings(sent({std::string(4000, '\0')})).empty());
    EXPECT_TRUE(guess_framings({}).empty());
}

TEST(guess_framings, takes_any_text_for_lines_and_for_nothing_else) {
    const auto fits = guess_framings(sent({"Some words\nof no protocol\n\nend so.\n"sv}));
    ASSERT_EQ(fits.size(), 1U);
    EXPECT_EQ(fits[0].name, "line");
}

TEST(guess_framings, reads_no_more_than_it_may) {
    std::string stream;
    for (int i = 0; i < 1000; ++i) stream += "0000000005Hello"sv;
    const auto fits = guess_framings(sent({stream}), 40000 / 4);
    ASSERT_FALSE(fits.empty());
    EXPECT_EQ(fits[0].name, "digits:10");
    EXPECT_EQ(fits[0].client.frames, 666U);
}

}  // namespace
}  // namespace framewire::guess_framings_tests
