#include "framewire/session/session.hpp"

#include "driven_session.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace framewire::deferred_limits_tests {
namespace {

using namespace std::chrono_literals;
using tests::driven_session;
using tests::event_texts;

// Defers a reply to each payload that the session delivers.
std::vector<std::uint64_t> defer_all(session& peer, std::size_t held_bytes = 0) {
    std::vector<std::uint64_t> slots;
    while (const auto found = peer.next()) {
        EXPECT_EQ(found->what, event::kind::frame);
        slots.push_back(peer.defer(true, held_bytes));
    }
    peer.hold();
    return slots;
}

TEST(deferred_limits, at_deferred_max_nothing_is_decoded_or_read) {
    driven_session peer("digits:1", {.deferred_max = 3});
    peer->receive("1a1b1c1d1e");
    auto slots = defer_all(*peer);
    ASSERT_EQ(slots.size(), 3U);
    EXPECT_FALSE(peer->can_continue());
    EXPECT_FALSE(peer->wants_input());
    ASSERT_TRUE(peer->answer(slots[0], "A"));
    EXPECT_TRUE(peer->can_continue());
    EXPECT_FALSE(peer->wants_input());
    slots = defer_all(*peer);
    ASSERT_EQ(slots.size(), 1U);
    EXPECT_FALSE(peer->can_continue());
    peer->skip(slots[0]);
    EXPECT_FALSE(peer->can_continue()) << "it is closed, and waits";
    EXPECT_EQ(peer->output(), "1A");
}

TEST(deferred_limits, as_completed_count_like_the_others) {
    driven_session peer("digits:1", {.deferred_max = 2});
    const auto kept = peer->defer(true, 0);
    EXPECT_TRUE(peer->wants_input());
    const auto loose = peer->defer(false, 0);
    EXPECT_FALSE(peer->wants_input());
    ASSERT_TRUE(peer->answer(loose, "x"));
    EXPECT_TRUE(peer->wants_input());
    ASSERT_TRUE(peer->answer(kept, "a"));
    EXPECT_TRUE(peer->wants_input());
}

TEST(deferred_limits, what_the_service_holds_counts_as_queued) {
    driven_session peer("digits:2", {.queued_bytes_max = 100});
    const auto first = peer->defer(true, 60);
    EXPECT_TRUE(peer->wants_input());
    const auto second = peer->defer(false, 39);
    EXPECT_TRUE(peer->wants_input());
    const auto third = peer->defer(true, 1);
    EXPECT_FALSE(peer->wants_input());
    ASSERT_TRUE(peer->answer(second, std::string(36, 'x')));
    EXPECT_TRUE(peer->wants_input()) << "38 bytes are output, 61 are held";
    ASSERT_TRUE(peer->answer(third, std::string(1, 'y')));
    EXPECT_FALSE(peer->wants_input()) << "a reply of 3 bytes waits in the place of 1 byte";
    peer->sent(1);
    EXPECT_FALSE(peer->wants_input());
    peer->sent(1);
    EXPECT_TRUE(peer->wants_input());
    peer->skip(first);
    EXPECT_TRUE(peer->wants_input());
    EXPECT_EQ(peer->output().size(), 36U + 3U);
}

TEST(deferred_limits, replies_that_wait_count_as_queued) {
    driven_session peer("digits:2", {.queued_bytes_max = 10});
    const auto slot = peer->defer(true, 0);
    ASSERT_TRUE(peer->send("1234567"));
    EXPECT_TRUE(peer->wants_input());
    ASSERT_TRUE(peer->begin(2));
    EXPECT_FALSE(peer->wants_input());
    ASSERT_TRUE(peer->append("ab"));
    ASSERT_TRUE(peer->end());
    ASSERT_TRUE(peer->answer(slot, "x"));
    EXPECT_EQ(peer->output(), "01x07123456702ab");
    EXPECT_FALSE(peer->wants_input());
    peer->sent(7);
    EXPECT_TRUE(peer->wants_input());
}

TEST(deferred_limits, the_peers_deadlines_do_not_run_while_it_is_not_read) {
    driven_session peer("digits:2", {.deferred_max = 1});
    peer->receive("01a0");
    const auto slots = defer_all(*peer);
    ASSERT_EQ(slots.size(), 1U);
    EXPECT_EQ(peer.left(), 30'000ms) << "that of the service";
    peer.wait(20s);
    ASSERT_TRUE(peer->answer(slots[0], "A"));
    peer->sent(3);
    EXPECT_EQ(peer.drain(), event_texts{});
    EXPECT_EQ(peer.left(), 5'000ms);
    EXPECT_EQ(peer.expire_after(5s), event_texts{"io.timeout_header at 4"});
}

TEST(deferred_limits, the_peers_deadlines_run_while_it_is_read) {
    driven_session peer("digits:2");
    const auto slot = peer->defer(true, 0);
    EXPECT_EQ(peer.receive("0"), event_texts{});
    EXPECT_EQ(peer.left(), 5'000ms);
    EXPECT_EQ(peer.expire_after(5s), event_texts{"io.timeout_header at 1"});
    EXPECT_EQ(peer.left(), 25'000ms) << "the service's, for what came whole";
    ASSERT_TRUE(peer->answer(slot, "A"));
    EXPECT_EQ(peer->output(), "01A");
}

TEST(deferred_limits, the_service_is_late_after_the_peer_was) {
    driven_session peer("digits:2");
    (void)peer->defer(true, 0);
    EXPECT_EQ(peer.receive("0"), event_texts{});
    EXPECT_EQ(peer.expire_after(5s), event_texts{"io.timeout_header at 1"});
    peer.wait(25s);
    EXPECT_EQ(peer->expire(), errc::service_timeout);
    EXPECT_EQ(peer->failure()->code, errc::io_timeout_header) << "the first error stays";
    EXPECT_FALSE(peer->owes());
    EXPECT_EQ(peer.left(), std::nullopt);
}

TEST(service_deadline, ends_a_session_whose_reply_does_not_come) {
    for (const bool keeps_place : {true, false}) {
        driven_session peer("digits:1", {.service_deadline = 10s});
        ASSERT_TRUE(peer->send("a"));
        peer->sent(2);
        peer.wait(1h);
        (void)peer->defer(keeps_place, 0);
        EXPECT_EQ(peer.left(), 10'000ms);
        EXPECT_EQ(peer.expire_after(9'999ms), event_texts{});
        EXPECT_EQ(peer.expire_after(1ms), event_texts{"service.timeout at 0"});
        EXPECT_EQ(peer.words(), "a deferred reply was not given within 10s");
        EXPECT_FALSE(peer->owes());
        EXPECT_EQ(peer.left(), std::nullopt);
    }
}

TEST(service_deadline, is_that_of_the_oldest_open_slot) {
    driven_session peer("digits:1", {.service_deadline = 10s});
    const auto first = peer->defer(true, 0);
    peer.wait(1s);
    const auto second = peer->defer(false, 0);
    peer.wait(1s);
    const auto third = peer->defer(true, 0);
    EXPECT_EQ(peer.left(), 8'000ms);
    ASSERT_TRUE(peer->answer(third, "c"));
    EXPECT_EQ(peer.left(), 8'000ms);
    ASSERT_TRUE(peer->answer(first, "a"));
    peer->sent(4);
    EXPECT_EQ(peer.left(), 9'000ms);
    ASSERT_TRUE(peer->answer(second, "b"));
    peer->sent(2);
    EXPECT_EQ(peer.left(), std::nullopt);
}

TEST(service_deadline, keeps_what_can_be_sent_and_drops_what_waits) {
    driven_session peer("digits:1", {.service_deadline = 10s});
    ASSERT_TRUE(peer->send("a"));
    const auto slot = peer->defer(true, 0);
    ASSERT_TRUE(peer->send("c"));
    EXPECT_EQ(peer.expire_after(10s), event_texts{"service.timeout at 0"});
    EXPECT_TRUE(peer->answer(slot, "b"));
    EXPECT_EQ(peer->output(), "1a");
    EXPECT_EQ(peer.left(), 20'000ms) << "until the peer takes it";
}

TEST(service_deadline, runs_after_the_peer_has_ended_its_stream) {
    driven_session peer("digits:1", {.service_deadline = 10s});
    (void)peer->defer(true, 0);
    EXPECT_EQ(peer.receive_eof(), event_texts{"finished"});
    EXPECT_EQ(peer.left(), 10'000ms);
    EXPECT_EQ(peer.expire_after(10s), event_texts{"service.timeout at 0"});
    EXPECT_FALSE(peer->owes());
}

TEST(service_deadline, after_a_failure_the_first_error_remains) {
    driven_session peer("digits:1", {.service_deadline = 10s});
    (void)peer->defer(true, 0);
    EXPECT_EQ(peer.receive("x"), event_texts{"frame.syntax at 0"});
    EXPECT_EQ(peer.left(), 10'000ms);
    peer.wait(10s);
    EXPECT_EQ(peer->expire(), errc::service_timeout);
    EXPECT_EQ(peer.drain(), event_texts{"frame.syntax at 0"});
    EXPECT_FALSE(peer->owes());
    EXPECT_EQ(peer.left(), std::nullopt);
}

TEST(service_deadline, does_not_hide_that_of_the_peer) {
    driven_session peer("digits:1", {.write_deadline = 5s, .service_deadline = 10s});
    ASSERT_TRUE(peer->send("a"));
    const auto slot = peer->defer(true, 0);
    EXPECT_EQ(peer.left(), 5'000ms);
    peer.wait(4s);
    peer->sent(1);
    EXPECT_EQ(peer.left(), 5'000ms);
    EXPECT_EQ(peer.expire_after(5s), event_texts{"io.timeout_write at 0"});
    EXPECT_TRUE(peer->answer(slot, "b"));
    EXPECT_EQ(peer->output(), "a");
}

TEST(service_deadline, the_peers_begins_with_the_answer) {
    driven_session peer("digits:1", {.write_deadline = 5s});
    const auto slot = peer->defer(true, 0);
    ASSERT_TRUE(peer->send("b"));
    peer.wait(20s);
    EXPECT_EQ(peer.left(), 10'000ms);
    ASSERT_TRUE(peer->answer(slot, "a"));
    EXPECT_EQ(peer.left(), 5'000ms);
}

TEST(service_deadline, of_zero_is_none) {
    driven_session peer("digits:1", {.service_deadline = 0s});
    (void)peer->defer(true, 0);
    EXPECT_EQ(peer.left(), std::nullopt);
    EXPECT_EQ(peer.expire_after(24h), event_texts{});
    EXPECT_TRUE(peer->owes());
}

TEST(service_deadline, runs_though_a_flood_is_paused) {
    driven_session peer("digits:1", {.tiny_frames_per_second_max = 1});
    const auto slot = peer->defer(true, 0);
    EXPECT_EQ(peer.receive("1a1b"), event_texts{"frame a"});
    EXPECT_EQ(peer.left(), 50ms);
    peer.wait(50ms);
    EXPECT_FALSE(peer->expire());
    (void)slot;
}

TEST(idle_deadline, does_not_run_while_a_reply_is_deferred) {
    driven_session peer("digits:1", {.idle_deadline = 1s});
    EXPECT_EQ(peer.receive("1a"), event_texts{"frame a"});
    EXPECT_EQ(peer.left(), 1'000ms);
    const auto slot = peer->defer(true, 0);
    EXPECT_EQ(peer.left(), 30'000ms);
    EXPECT_EQ(peer.expire_after(10s), event_texts{});
    ASSERT_TRUE(peer->answer(slot, "A"));
    peer->sent(2);
    EXPECT_EQ(peer.left(), 1'000ms);
}

// The peer has been silent because it was waiting.
TEST(idle_deadline, begins_when_the_last_slot_is_skipped) {
    driven_session peer("digits:1", {.idle_deadline = 1s});
    EXPECT_EQ(peer.receive("1a"), event_texts{"frame a"});
    const auto slot = peer->defer(true, 0);
    peer.wait(10s);
    peer->skip(slot);
    EXPECT_EQ(peer.left(), 1'000ms);
    EXPECT_EQ(peer.expire_after(1s), event_texts{"io.timeout_idle at 2"});
}

TEST(idle_deadline, begins_when_a_pause_ends) {
    driven_session peer("digits:1", {.idle_deadline = 1s});
    peer->pause();
    EXPECT_EQ(peer.left(), std::nullopt);
    peer.wait(10s);
    peer->resume();
    EXPECT_EQ(peer.left(), 1'000ms);
}

TEST(header_deadline, is_not_prolonged_by_a_slot_that_is_skipped) {
    driven_session peer("digits:2");
    const auto slot = peer->defer(true, 0);
    EXPECT_EQ(peer.receive("0"), event_texts{});
    peer.wait(4s);
    peer->skip(slot);
    EXPECT_EQ(peer.left(), 1'000ms);
}

}  // namespace
}  // namespace framewire::deferred_limits_tests
