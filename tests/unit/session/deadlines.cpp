#include "framewire/session/session.hpp"

#include "driven_session.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <optional>
#include <string>

namespace framewire::deadlines_tests {
namespace {

using namespace std::chrono_literals;
using tests::driven_session;
using tests::event_texts;

TEST(deadlines, none_between_frames_by_default) {
    driven_session peer("digits:10");
    EXPECT_EQ(peer.left(), std::nullopt);
    EXPECT_EQ(peer.expire_after(24h), event_texts{});
    EXPECT_EQ(peer.receive("0000000002hi"), event_texts{"frame hi"});
    EXPECT_EQ(peer.left(), std::nullopt);
}

TEST(deadlines, header_runs_from_its_first_byte) {
    driven_session peer("digits:10");
    peer.wait(1h);
    peer.receive("0");
    EXPECT_EQ(peer.left(), 5000ms);
    peer.wait(4999ms);
    peer.receive("000");
    EXPECT_EQ(peer.left(), 1ms);
    EXPECT_FALSE(peer->expire());
    EXPECT_EQ(peer.expire_after(1ms), event_texts{"io.timeout_header at 4"});
    EXPECT_EQ(peer.words(), "no complete header within 5s of its first byte");
    EXPECT_TRUE(peer->over());
}

TEST(deadlines, header_is_measured_anew_for_every_frame) {
    driven_session peer("digits:2");
    peer.receive("0");
    peer.wait(3s);
    EXPECT_EQ(peer.receive("2hi0"), event_texts{"frame hi"});
    EXPECT_EQ(peer.left(), 5000ms);
    peer.wait(3s);
    EXPECT_EQ(peer.receive("2ho"), event_texts{"frame ho"});
    EXPECT_EQ(peer.left(), std::nullopt);
}

TEST(deadlines, header_bytes_that_trickle_do_not_extend_it) {
    driven_session peer("digits:10");
    for (int i = 0; i < 5; ++i) {
        peer.receive("0");
        EXPECT_FALSE(peer->expire());
        peer.wait(1s);
    }
    EXPECT_EQ(peer.expire_after(0ms), event_texts{"io.timeout_header at 5"});
}

TEST(deadlines, bytes_that_came_in_time_are_taken_however_late_we_look) {
    driven_session peer("digits:2");
    peer.receive("0");
    peer.wait(10s);
    EXPECT_EQ(peer.receive("2hi"), event_texts{"frame hi"});
    EXPECT_FALSE(peer->expire());
}

TEST(deadlines, body_must_keep_its_rate_in_every_period) {
    driven_session peer("digits:10");
    peer.receive("0001000000");
    EXPECT_EQ(peer.left(), 30'000ms);
    const std::string period(30 * 1024, 'x');
    for (int i = 0; i < 3; ++i) {
        peer.wait(29s);
        EXPECT_EQ(peer.left(), 1000ms);
        peer.receive(period);
        EXPECT_EQ(peer.left(), 30'000ms);
    }
    peer.wait(29s);
    peer.receive(bytes(period).substr(1));
    EXPECT_EQ(peer.left(), 1000ms);
    EXPECT_EQ(peer.expire_after(999ms), event_texts{});
    EXPECT_EQ(peer.expire_after(1ms), event_texts{"io.timeout_body at 122889"});
    EXPECT_EQ(peer.words(), "the payload arrived at less than 1024 bytes per second for 30s");
}

TEST(deadlines, body_that_is_nearly_complete_needs_no_more_than_its_end) {
    driven_session peer("digits:2");
    peer.receive("05Hell");
    peer.wait(29s);
    EXPECT_EQ(peer.receive("o"), event_texts{"frame Hello"});
    EXPECT_EQ(peer.left(), std::nullopt);
}

TEST(deadlines, a_new_payload_has_a_new_period) {
    driven_session peer("digits:2");
    peer.receive("05Hell");
    peer.wait(20s);
    EXPECT_EQ(peer.receive("o05Wor"), event_texts{"frame Hello"});
    EXPECT_EQ(peer.left(), 30'000ms);
}

TEST(deadlines, the_payload_of_a_skipped_frame_has_them_too) {
    driven_session peer("digits:2,max=3,oversize=skip");
    peer.receive("50x");
    EXPECT_EQ(peer.left(), 30'000ms);
    EXPECT_EQ(peer.expire_after(30s), event_texts{"io.timeout_body at 3"});
}

TEST(deadlines, idle_runs_from_the_last_byte_either_way) {
    driven_session peer("digits:2", {.idle_deadline = 60s});
    EXPECT_EQ(peer.left(), 60'000ms);
    peer.wait(10s);
    EXPECT_EQ(peer.receive("02hi"), event_texts{"frame hi"});
    EXPECT_EQ(peer.left(), 60'000ms);
    ASSERT_TRUE(peer->send("hi"));
    peer.wait(10s);
    peer->sent(4);
    EXPECT_EQ(peer.left(), 60'000ms);
    EXPECT_EQ(peer.expire_after(59'999ms), event_texts{});
    EXPECT_EQ(peer.expire_after(1ms), event_texts{"io.timeout_idle at 4"});
    EXPECT_EQ(peer.words(), "nothing arrived for 1min");
}

TEST(deadlines, idle_does_not_run_while_the_peer_is_owed_something) {
    driven_session peer("digits:2", {.idle_deadline = 1s});
    ASSERT_TRUE(peer->send("hi"));
    EXPECT_EQ(peer.left(), 30'000ms);
    EXPECT_EQ(peer.expire_after(2s), event_texts{});
}

TEST(deadlines, idle_does_not_run_inside_a_frame) {
    driven_session peer("digits:2", {.idle_deadline = 1s});
    peer.receive("0");
    EXPECT_EQ(peer.left(), 5000ms);
    peer.receive("5H");
    EXPECT_EQ(peer.left(), 30'000ms);
}

TEST(deadlines, write_runs_from_the_first_byte_that_waits) {
    driven_session peer("digits:2");
    peer.wait(1h);
    ASSERT_TRUE(peer->send("hi"));
    EXPECT_EQ(peer.left(), 30'000ms);
    peer.wait(20s);
    ASSERT_TRUE(peer->send("ho"));
    EXPECT_EQ(peer.left(), 10'000ms);
    peer->sent(1);
    EXPECT_EQ(peer.left(), 30'000ms);
    peer->sent(0);
    peer.wait(1s);
    EXPECT_EQ(peer.left(), 29'000ms);
    EXPECT_EQ(peer.expire_after(29s), event_texts{"io.timeout_write at 0"});
    EXPECT_EQ(peer.words(), "the peer accepted none of 7 bytes within 30s");
}

// 10 000 bytes must be taken in each period.
TEST(deadlines, replies_must_be_taken_at_a_rate) {
    driven_session peer("digits:9", {.write_deadline = 10s, .write_rate_min = 1000});
    ASSERT_TRUE(peer->send(std::string(100'000, 'x')));
    peer.wait(6s);
    peer->sent(9'999);
    EXPECT_EQ(peer.left(), 4000ms);
    peer.wait(3s);
    peer->sent(1);
    EXPECT_EQ(peer.left(), 10'000ms);
    peer.wait(9s);
    peer->sent(9'999);
    EXPECT_EQ(peer.left(), 1000ms);
    EXPECT_EQ(peer.expire_after(1s), event_texts{"io.timeout_write at 0"});
    EXPECT_EQ(peer.words(),
              "the peer accepted less than 1000 bytes per second of its replies for 10s");
}

TEST(deadlines, of_replies_smaller_than_a_period_a_byte_is_enough) {
    driven_session peer("digits:9", {.write_deadline = 10s, .write_rate_min = 1000});
    ASSERT_TRUE(peer->send(std::string(10'000, 'x')));
    peer->sent(9);
    for (int i = 0; i < 10; ++i) {
        peer.wait(9s);
        peer->sent(1);
        EXPECT_EQ(peer.left(), 10'000ms);
    }
    ASSERT_TRUE(peer->send(std::string(10'000, 'x')));
    EXPECT_EQ(peer.left(), 10'000ms);
    EXPECT_EQ(peer.expire_after(10s), event_texts{"io.timeout_write at 0"});
    EXPECT_EQ(peer.words(), "the peer accepted none of 19999 bytes within 10s");
}

TEST(deadlines, replies_that_were_all_taken_are_not_counted_again) {
    driven_session peer("digits:9", {.write_deadline = 10s, .write_rate_min = 1000});
    ASSERT_TRUE(peer->send(std::string(30'000, 'x')));
    peer->sent(9'999);
    peer->sent(20'010);
    peer.wait(9s);
    ASSERT_TRUE(peer->send(std::string(30'000, 'x')));
    peer->sent(1);
    EXPECT_EQ(peer.left(), 10'000ms);
    EXPECT_EQ(peer.expire_after(10s), event_texts{"io.timeout_write at 0"});
}

TEST(deadlines, without_a_rate_a_byte_is_enough) {
    driven_session peer("digits:9", {.write_deadline = 10s, .write_rate_min = 0});
    ASSERT_TRUE(peer->send(std::string(100'000, 'x')));
    peer.wait(9s);
    peer->sent(1);
    EXPECT_EQ(peer.left(), 10'000ms);
    EXPECT_EQ(peer.expire_after(10s), event_texts{"io.timeout_write at 0"});
    EXPECT_EQ(peer.words(), "the peer accepted none of 100008 bytes within 10s");
}

TEST(deadlines, write_also_runs_after_the_input_has_ended) {
    driven_session peer("digits:2");
    ASSERT_TRUE(peer->send("hi"));
    EXPECT_EQ(peer.receive_eof(), event_texts{"finished"});
    EXPECT_EQ(peer.left(), 30'000ms);
    EXPECT_EQ(peer.expire_after(30s), event_texts{"io.timeout_write at 0"});
    peer->drop_output();
    EXPECT_EQ(peer.left(), std::nullopt);
}

TEST(deadlines, none_for_input_while_reading_is_paused) {
    driven_session peer("digits:2", {.queued_bytes_max = 4});
    peer.receive("0");
    EXPECT_EQ(peer.left(), 5000ms);
    ASSERT_TRUE(peer->send("hi"));
    EXPECT_FALSE(peer->wants_input());
    EXPECT_EQ(peer.left(), 30'000ms);
    peer.wait(29s);
    EXPECT_FALSE(peer->expire());
    peer->sent(4);
    EXPECT_EQ(peer.left(), 5000ms);
    EXPECT_EQ(peer.expire_after(5s), event_texts{"io.timeout_header at 1"});
}

TEST(deadlines, resuming_restarts_that_of_a_payload) {
    driven_session peer("digits:2", {.queued_bytes_max = 4});
    peer.receive("05H");
    peer.wait(20s);
    ASSERT_TRUE(peer->send("hi"));
    peer.wait(20s);
    peer->sent(1);
    EXPECT_EQ(peer.left(), 30'000ms);
    EXPECT_EQ(peer.expire_after(29s), event_texts{});
    EXPECT_EQ(peer.receive("ello"), event_texts{"frame Hello"});
}

TEST(deadlines, zero_switches_each_of_them_off) {
    const limits none{.header_deadline = 0ms, .body_deadline = 0ms, .write_deadline = 0ms};
    driven_session peer("digits:2", none);
    peer.receive("0");
    EXPECT_EQ(peer.left(), std::nullopt);
    peer.receive("5H");
    EXPECT_EQ(peer.left(), std::nullopt);
    ASSERT_TRUE(peer->send("hi"));
    EXPECT_EQ(peer.left(), std::nullopt);
    EXPECT_EQ(peer.expire_after(240h), event_texts{});
    EXPECT_EQ(peer.receive("ello"), event_texts{"frame Hello"});
}

// A connection closes then, and does not ask for the event.
TEST(deadlines, one_that_has_passed_does_not_pass_again) {
    driven_session peer("digits:2");
    EXPECT_EQ(peer.receive("0"), event_texts{});
    ASSERT_TRUE(peer->send("hi"));
    peer.wait(5s);
    EXPECT_EQ(peer->expire(), errc::io_timeout_header);
    EXPECT_EQ(peer.left(), 25'000ms) << "that of the output";
    EXPECT_EQ(peer->expire(), std::nullopt);
    peer->sent(4);
    EXPECT_EQ(peer.left(), std::nullopt);
}

}  // namespace
}  // namespace framewire::deadlines_tests
