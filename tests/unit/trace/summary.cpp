#include "trace/summary.hpp"

#include "shown_lines.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <string>

namespace framewire::summary_tests {
namespace {

using namespace std::chrono_literals;

conversation_totals totals_of(std::string_view text) { return *summarise(tests::shown(text)); }

std::string faults_of(std::string_view text) { return print_summary(totals_of(text), true); }

TEST(summary, counts_both_sides) {
    const auto all = totals_of(
        "framing digits:1,max=3,oversize=skip\n< \"1a2bc\"\n> \"0\"\n< gap 9\n< \"5abcde\"\n");
    EXPECT_EQ(all.sides[0].frames, 2U);
    EXPECT_EQ(all.sides[0].payload_bytes, 3U);
    EXPECT_EQ(all.sides[0].smallest, 1U);
    EXPECT_EQ(all.sides[0].largest, 2U);
    EXPECT_EQ(all.sides[0].stream_bytes, 11U);
    EXPECT_EQ(all.sides[0].skipped, 1U);
    EXPECT_EQ(all.sides[0].gaps, 1U);
    EXPECT_EQ(all.sides[0].missing, 9U);
    EXPECT_EQ(all.sides[1].frames, 1U);
    EXPECT_FALSE(all.fault);
    EXPECT_FALSE(all.replies) << "times are not known";
    EXPECT_EQ(
        print_summary(all, false),
        "#\n"
        "# client    2 frames, 11 bytes; payloads of 1 to 2, 3 in all; 1 skipped; 1 gap of 9 "
        "bytes\n"
        "# server    1 frame, 1 byte; payloads of 0, 0 in all\n");
}

TEST(summary, names_the_end_that_is_wrong_first) {
    EXPECT_EQ(faults_of("framing digits:1\n< \"1a\"\n> \"1bx\"\n< \"y\"\n"),
              "# the server is wrong at 2: frame.syntax: \"x\" where 1 bytes of "
              "decimal digits were expected\n");
    EXPECT_EQ(faults_of("framing digits:1\n< \"1a\"\n> \"1b9c\"\n"),
              "# the server's last frame, at 2, is incomplete: 2 bytes of it are there\n");
    EXPECT_EQ(faults_of("framing digits:1\n< \"9c\"\n< eof\n"),
              "# the client is wrong at 2: frame.truncated: was expecting 9 bytes but only "
              "received 1 bytes before the socket closed\n");
    EXPECT_EQ(faults_of("framing digits:1\n< \"1c\"\n< reset\n> \"1c\"\n> eof\n"), "");
    EXPECT_NE(faults_of("framing digits:1\n< \"1c5\"\n< reset\n"), "");
}

TEST(summary, times_replies) {
    const framing frames = framing::parse("u8").value();
    summary all(frames);
    const auto at = [](std::chrono::milliseconds time) {
        return std::chrono::system_clock::time_point(time);
    };
    using kind = transcript_line::kind;
    all.take({.what = kind::to_peer, .text = {"\x00", 1}, .time = at(0ms)});  // a greeting
    all.take({.what = kind::from_peer, .text = {"\x00\x00", 2}, .time = at(10ms)});
    all.take({.what = kind::to_peer, .text = {"\x00", 1}, .time = at(14ms)});
    all.take({.what = kind::to_peer, .text = {"\x00\x00", 2}, .time = at(20ms)});
    all.finish();
    ASSERT_TRUE(all.totals().replies);
    EXPECT_EQ(all.totals().replies->count(), 2U);
    EXPECT_EQ(all.totals().replies->max(), 10ms);
    const auto text = print_summary(all.totals(), false);
    EXPECT_NE(text.find("# replies   2, min 4.0 ms, p50 4.0 ms, p99 10.0 ms, max 10.0 ms\n"),
              std::string::npos)
        << text;
}

}  // namespace
}  // namespace framewire::summary_tests
