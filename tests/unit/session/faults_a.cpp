#include "framewire/session/session.hpp"

#include "driven_session.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace framewire::faults_a_tests {
namespace {

using namespace std::chrono_literals;
using tests::driven_session;
using tests::event_texts;

TEST(faults_a, row_14_empty_messages_are_messages_and_count_for_the_budget) {
    driven_session peer("digits:1", {.tiny_frames_per_second_max = 20});
    EXPECT_EQ(peer.receive("000"), (event_texts{"frame ", "frame ", "frame "}));
    std::string flood(30, '0');
    EXPECT_EQ(peer.receive(flood).size(), 17U);
    EXPECT_FALSE(peer->wants_input());
}

TEST(faults_a, row_19_a_million_tiny_frames_in_one_read) {
    constexpr std::size_t frames = 1'000'000;
    std::string stream;
    for (std::size_t i = 0; i < frames; ++i) stream += {'1', static_cast<char>('a' + i % 26)};
    stream += '3';
    driven_session peer("digits:1", {.tiny_frames_per_second_max = 0});
    peer->receive(stream);
    std::size_t count = 0;
    while (const auto said = peer->next()) {
        ASSERT_EQ(said->piece.payload.front(), static_cast<char>('a' + count % 26));
        ASSERT_EQ(said->offset, 2 * count);
        ++count;
    }
    EXPECT_EQ(count, frames);
    EXPECT_EQ(peer.receive("abc"), event_texts{"frame abc"});
}

// A second's worth at once, then one period's worth per period.
TEST(faults_a, row_20_a_flood_is_read_at_the_pace_of_its_budget) {
    driven_session peer("digits:1", {.tiny_frames_per_second_max = 1000});
    EXPECT_EQ(peer.receive(std::string(5000, '0')).size(), 1000U);
    EXPECT_FALSE(peer->wants_input());
    EXPECT_FALSE(peer->can_continue());
    EXPECT_EQ(peer.left(), 50ms);
    for (int i = 0; i < 10; ++i) {
        peer.wait(49ms);
        ASSERT_EQ(peer.drain().size(), 0U);
        peer.wait(1ms);
        ASSERT_FALSE(peer->expire());
        ASSERT_EQ(peer.drain().size(), 50U);
    }
    peer.wait(10s);
    EXPECT_EQ(peer.drain().size(), 1000U);
}

TEST(faults_a, row_20_frames_of_one_byte_are_as_tiny_as_empty_ones_and_larger_ones_are_not) {
    const limits ten{.tiny_frames_per_second_max = 10};
    std::string one;
    std::string two;
    for (int i = 0; i < 100; ++i) one += "1x", two += "2xy";
    driven_session small("digits:1", ten);
    EXPECT_EQ(small.receive(one).size(), 10U);
    driven_session large("digits:1", ten);
    EXPECT_EQ(large.receive(two).size(), 100U);
    driven_session reads("raw", ten);
    for (int i = 0; i < 100; ++i) ASSERT_EQ(reads.receive("x"), event_texts{"frame x"});
    driven_session unbounded("digits:1", {.tiny_frames_per_second_max = 0});
    EXPECT_EQ(unbounded.receive(one).size(), 100U);
}

TEST(faults_a, row_20_a_flood_that_goes_on_is_ended) {
    driven_session peer("digits:1", {.tiny_frames_per_second_max = 100});
    event_texts all = peer.receive(std::string(100'000, '0'));
    auto waited = 0ms;
    for (; !peer->over() && waited < 60s; waited += 50ms) {
        peer.wait(50ms);
        all = peer.drain();
    }
    EXPECT_TRUE(peer->over());
    ASSERT_FALSE(all.empty());
    EXPECT_TRUE(all.back().starts_with("frame.flood at ")) << all.back();
    EXPECT_EQ(peer.words(), "more than 100 payloads of at most one byte in a second");
    EXPECT_GE(waited, 30s);
    EXPECT_LE(waited, 31s);
}

TEST(faults_a, row_20_a_burst_now_and_then_is_not_a_flood) {
    driven_session peer("digits:1", {.tiny_frames_per_second_max = 100});
    for (int i = 0; i < 100; ++i) {
        auto frames = peer.receive(std::string(250, '0')).size();
        for (int seconds = 0; seconds < 3; ++seconds) {
            peer.wait(1s);
            frames += peer.drain().size();
        }
        ASSERT_EQ(frames, 250U);
    }
    EXPECT_FALSE(peer->over());
}

// Nothing but line ends, or nothing but zeros where zeros are empty frames.
TEST(faults_a, row_20_empty_frames_are_tiny_in_every_framing) {
    const limits ten{.tiny_frames_per_second_max = 10};
    for (const auto& [spec, frame] : std::vector<std::pair<const char*, std::string>>{
             {"line", "\n"},
             {"delimiter:aab", "aab"},
             {"mllp", "\x0B\x1C\r"},
             {"u32be", std::string(4, '\0')},
             {"varint", std::string(1, '\0')},
             {"netstring", "0:,"},
             {"octet-count", "0 "},
             {"content-length", "Content-Length: 0\r\n\r\n"}}) {
        std::string flood;
        for (int i = 0; i < 100; ++i) flood += frame;
        driven_session peer(spec, ten);
        EXPECT_EQ(peer.receive(flood).size(), 10U) << spec;
        EXPECT_FALSE(peer->wants_input()) << spec;
    }
}

// Frames that are thrown away cost as much to read as those that are delivered.
TEST(faults_a, row_20_skipped_tiny_frames_count_too) {
    driven_session peer("digits:1,max=0,oversize=skip", {.tiny_frames_per_second_max = 10});
    std::string flood;
    for (int i = 0; i < 100; ++i) flood += "1x";
    EXPECT_LE(peer.receive(flood).size(), 11U);
}

TEST(faults_a, row_21_an_end_in_a_frame_delivers_no_part_of_it) {
    const std::string stream = "0000000002hi0000000005Hel";
    for (std::size_t end = 13; end <= stream.size(); ++end) {
        driven_session peer("digits:10");
        peer->receive(bytes(stream).substr(0, end));
        peer->receive_eof();
        ASSERT_EQ(peer.drain(),
                  (event_texts{"frame hi", "frame.truncated at " + std::to_string(end)}));
    }
}

TEST(faults_a, row_22_an_end_between_frames_is_no_error) {
    driven_session peer("digits:10");
    peer->receive("0000000002hi");
    peer->receive_eof();
    EXPECT_EQ(peer.drain(), (event_texts{"frame hi", "finished"}));
    EXPECT_FALSE(peer->failure());
}

TEST(faults_a, row_30_what_cannot_be_framed_queues_nothing) {
    driven_session peer("digits:1,max=7");
    ASSERT_TRUE(peer->send("Hello"));
    EXPECT_EQ(peer->send("12345678").error(), errc::frame_too_large);
    EXPECT_EQ(peer->send("1234567890").error(), errc::frame_too_large);
    EXPECT_EQ(peer->begin(10).error(), errc::frame_too_large);
    EXPECT_EQ(peer->output(), "5Hello");
}

TEST(faults_a, row_36_a_failed_session_takes_no_more) {
    driven_session peer("digits:2");
    EXPECT_EQ(peer.receive("+5"), event_texts{"frame.length_syntax at 0"});
    const auto message = peer->failure()->message();
    for (int i = 0; i < 3; ++i) {
        peer->receive("02hi");
        EXPECT_EQ(peer.drain(), event_texts{});
        EXPECT_EQ(peer->failure()->message(), message);
        EXPECT_EQ(peer->offset(), 0U);
    }
}

}  // namespace
}  // namespace framewire::faults_a_tests
