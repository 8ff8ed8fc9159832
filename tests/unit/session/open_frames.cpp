// A frame in pieces beside slots and pushed frames: whatever happens, no frame is cut in two.

#include "framewire/session/session.hpp"

#include "driven_session.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <memory>
#include <string>

namespace framewire::open_frames_tests {
namespace {

using namespace std::chrono_literals;
using tests::driven_session;
using tests::event_texts;

bool push(session& peer, std::string frame) {
    return peer.push(std::make_shared<const std::string>(std::move(frame)));
}

TEST(open_frames, one_behind_a_slot_waits_with_all_its_pieces) {
    driven_session peer("digits:1");
    const auto slot = peer->defer(true, 0);
    ASSERT_TRUE(peer->begin(3));
    ASSERT_TRUE(peer->append("bc"));
    EXPECT_EQ(peer->output(), "");
    ASSERT_TRUE(peer->answer(slot, "a"));
    EXPECT_EQ(peer->output(), "1a3bc");
    ASSERT_TRUE(peer->append("d"));
    ASSERT_TRUE(peer->end());
    ASSERT_TRUE(peer->send("e"));
    EXPECT_EQ(peer->output(), "1a3bcd1e");
}

TEST(open_frames, one_behind_two_slots_follows_the_second) {
    driven_session peer("digits:1");
    const auto first = peer->defer(true, 0);
    const auto second = peer->defer(true, 0);
    ASSERT_TRUE(peer->begin(2));
    ASSERT_TRUE(peer->answer(first, "a"));
    ASSERT_TRUE(peer->append("c"));
    EXPECT_EQ(peer->output(), "1a");
    EXPECT_TRUE(push(*peer, "1p"));
    ASSERT_TRUE(peer->answer(second, "b"));
    ASSERT_TRUE(peer->append("d"));
    EXPECT_FALSE(push(*peer, "1q"));
    ASSERT_TRUE(peer->end());
    EXPECT_TRUE(push(*peer, "1q"));
    EXPECT_EQ(peer->output(), "1a1p1b2cd1q");
}

TEST(open_frames, replies_as_completed_wait_for_its_end) {
    driven_session peer("digits:1");
    const auto first = peer->defer(false, 0);
    const auto second = peer->defer(false, 0);
    const auto third = peer->defer(false, 0);
    ASSERT_TRUE(peer->begin(2));
    ASSERT_TRUE(peer->answer(second, "y"));
    ASSERT_TRUE(peer->append("a"));
    ASSERT_TRUE(peer->answer(first, "x"));
    peer->skip(third);
    EXPECT_EQ(peer->output(), "2a");
    peer->sent(2);
    EXPECT_TRUE(peer->owes());
    ASSERT_TRUE(peer->append("b"));
    ASSERT_TRUE(peer->end());
    EXPECT_EQ(peer->output(), "b1y1x");
    peer->sent(5);
    EXPECT_FALSE(peer->owes());
}

TEST(open_frames, replies_that_wait_for_its_end_count_as_queued) {
    driven_session peer("digits:1", {.queued_bytes_max = 8});
    const auto slot = peer->defer(false, 0);
    ASSERT_TRUE(peer->begin(2));
    ASSERT_TRUE(peer->answer(slot, "123456"));
    EXPECT_FALSE(peer->wants_input());
    peer->sent(1);
    EXPECT_TRUE(peer->wants_input());
}

TEST(open_frames, one_that_waits_lets_replies_as_completed_and_pushes_pass) {
    driven_session peer("digits:1");
    const auto kept = peer->defer(true, 0);
    const auto loose = peer->defer(false, 0);
    ASSERT_TRUE(peer->begin(2));
    ASSERT_TRUE(peer->append("b"));
    ASSERT_TRUE(peer->answer(loose, "x"));
    EXPECT_TRUE(push(*peer, "1p"));
    EXPECT_EQ(peer->output(), "1x1p");
    peer->skip(kept);
    EXPECT_EQ(peer->output(), "1x1p2b");
    EXPECT_FALSE(push(*peer, "1q"));
    ASSERT_TRUE(peer->append("c"));
    ASSERT_TRUE(peer->end());
    EXPECT_EQ(peer->output(), "1x1p2bc");
}

TEST(open_frames, a_piece_that_does_not_fit_adds_nothing_where_it_waits) {
    driven_session peer("digits:1");
    const auto slot = peer->defer(true, 0);
    ASSERT_TRUE(peer->begin(2));
    EXPECT_EQ(peer->append("bcd").error(), errc::frame_wrong_size);
    EXPECT_EQ(peer->end().error(), errc::frame_wrong_size);
    ASSERT_TRUE(peer->append("bc"));
    ASSERT_TRUE(peer->end());
    ASSERT_TRUE(peer->answer(slot, "a"));
    EXPECT_EQ(peer->output(), "1a2bc");
}

// The peer breaks off a large message that is echoed in pieces: nobody will end that frame.
TEST(open_frames, a_failed_stream_drops_what_waits_for_the_end_of_one) {
    driven_session peer("digits:2", {.assembled_bytes_max = 4}, delivery::pieces);
    const auto answered = peer->defer(false, 0);
    const auto open = peer->defer(false, 0);
    EXPECT_EQ(peer.receive("09abc"), event_texts{"first abc"});
    ASSERT_TRUE(peer->begin(9));
    ASSERT_TRUE(peer->append("abc"));
    ASSERT_TRUE(peer->answer(answered, "x"));
    EXPECT_EQ(peer.receive_eof(), event_texts{"frame.truncated at 5"});
    EXPECT_TRUE(peer->answer(open, "y"));
    EXPECT_FALSE(push(*peer, "01p"));
    EXPECT_EQ(peer->output(), "09abc");
    peer->sent(5);
    EXPECT_FALSE(peer->owes());
    EXPECT_EQ(peer.left(), std::nullopt);
}

TEST(open_frames, a_failed_stream_keeps_the_replies_before_one) {
    driven_session peer("digits:2", {.assembled_bytes_max = 4}, delivery::pieces);
    const auto first = peer->defer(true, 0);
    const auto second = peer->defer(true, 0);
    const auto early = peer->defer(false, 0);
    const auto late = peer->defer(false, 0);
    EXPECT_EQ(peer.receive("09abc"), event_texts{"first abc"});
    ASSERT_TRUE(peer->begin(9));
    ASSERT_TRUE(peer->append("abc"));
    EXPECT_EQ(peer.receive_eof(), event_texts{"frame.truncated at 5"});
    ASSERT_TRUE(peer->answer(second, "2"));
    ASSERT_TRUE(peer->answer(early, "x"));
    ASSERT_TRUE(peer->answer(first, "1"));
    EXPECT_EQ(peer->output(), "01x01101209abc");
    EXPECT_TRUE(peer->answer(late, "y"));
    peer->sent(peer->output().size());
    EXPECT_FALSE(peer->owes());
}

TEST(open_frames, an_abandoned_one_may_still_be_ended) {
    driven_session peer("digits:1");
    ASSERT_TRUE(peer->begin(1));
    peer->abandon_frame();
    ASSERT_TRUE(peer->append("a"));
    ASSERT_TRUE(peer->end());
    EXPECT_TRUE(push(*peer, "1p"));
    EXPECT_EQ(peer->output(), "1a1p");
}

TEST(open_frames, without_one_there_is_nothing_to_abandon) {
    driven_session peer("digits:1");
    const auto slot = peer->defer(true, 0);
    peer->abandon_frame();
    ASSERT_TRUE(peer->answer(slot, "a"));
    EXPECT_EQ(peer->output(), "1a");
}

}  // namespace
}  // namespace framewire::open_frames_tests
