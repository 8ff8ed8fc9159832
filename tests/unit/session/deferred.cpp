#include "framewire/session/session.hpp"

#include "driven_session.hpp"

#include <gtest/gtest.h>
#include <array>
#include <string>

namespace framewire::deferred_tests {
namespace {

using tests::driven_session;
using tests::event_texts;

std::string take_output(session& peer) {
    const std::string all(peer.output());
    peer.sent(all.size());
    return all;
}

TEST(deferred, keeps_its_place) {
    driven_session peer("digits:1");
    ASSERT_TRUE(peer->send("a"));
    const auto second = peer->defer(true, 0);
    ASSERT_TRUE(peer->send("c"));
    EXPECT_EQ(peer->output(), "1a");
    ASSERT_TRUE(peer->answer(second, "b"));
    EXPECT_EQ(peer->output(), "1a1b1c");
    ASSERT_TRUE(peer->send("d"));
    EXPECT_EQ(peer->output(), "1a1b1c1d");
}

TEST(deferred, answers_in_any_order_are_sent_in_that_of_the_slots) {
    driven_session peer("digits:1");
    const auto first = peer->defer(true, 0);
    const auto second = peer->defer(true, 0);
    const auto third = peer->defer(true, 0);
    ASSERT_TRUE(peer->answer(third, "c"));
    ASSERT_TRUE(peer->answer(second, "b"));
    EXPECT_EQ(peer->output(), "");
    EXPECT_TRUE(peer->owes());
    ASSERT_TRUE(peer->answer(first, "a"));
    EXPECT_EQ(peer->output(), "1a1b1c");
}

TEST(deferred, each_reply_waits_for_the_slots_before_it_only) {
    driven_session peer("digits:1");
    const auto first = peer->defer(true, 0);
    ASSERT_TRUE(peer->send("b"));
    const auto third = peer->defer(true, 0);
    ASSERT_TRUE(peer->send("d"));
    ASSERT_TRUE(peer->answer(first, "a"));
    EXPECT_EQ(peer->output(), "1a1b");
    ASSERT_TRUE(peer->send("e"));
    EXPECT_EQ(peer->output(), "1a1b");
    ASSERT_TRUE(peer->answer(third, "c"));
    EXPECT_EQ(peer->output(), "1a1b1c1d1e");
}

TEST(deferred, as_completed_waits_for_nothing_and_delays_nothing) {
    driven_session peer("digits:1");
    const auto kept = peer->defer(true, 0);
    const auto loose = peer->defer(false, 0);
    const auto other = peer->defer(false, 0);
    ASSERT_TRUE(peer->send("b"));
    ASSERT_TRUE(peer->answer(other, "y"));
    EXPECT_EQ(peer->output(), "1y");
    ASSERT_TRUE(peer->answer(kept, "a"));
    EXPECT_EQ(peer->output(), "1y1a1b");
    ASSERT_TRUE(peer->send("c"));
    ASSERT_TRUE(peer->answer(loose, "x"));
    EXPECT_EQ(take_output(*peer), "1y1a1b1c1x");
    EXPECT_FALSE(peer->owes());
}

TEST(deferred, a_skipped_one_leaves_no_gap) {
    driven_session peer("digits:1");
    const auto first = peer->defer(true, 0);
    const auto second = peer->defer(true, 0);
    const auto loose = peer->defer(false, 0);
    ASSERT_TRUE(peer->send("c"));
    peer->skip(second);
    peer->skip(loose);
    EXPECT_EQ(peer->output(), "");
    peer->skip(first);
    EXPECT_EQ(take_output(*peer), "1c");
    EXPECT_FALSE(peer->owes());
}

TEST(deferred, an_empty_reply_is_a_reply) {
    driven_session peer("digits:1");
    const auto slot = peer->defer(true, 0);
    ASSERT_TRUE(peer->answer(slot, ""));
    EXPECT_EQ(peer->output(), "0");
}

TEST(deferred, a_number_is_used_once) {
    driven_session peer("digits:1");
    EXPECT_TRUE(peer->answer(0, "a"));
    EXPECT_TRUE(peer->answer(1, "a"));
    peer->skip(1);
    const auto slot = peer->defer(true, 0);
    EXPECT_NE(slot, 0U);
    ASSERT_TRUE(peer->answer(slot, "b"));
    EXPECT_TRUE(peer->answer(slot, "c"));
    const auto later = peer->defer(true, 0);
    EXPECT_GT(later, slot);
    EXPECT_TRUE(peer->answer(slot, "d"));
    peer->skip(slot);
    EXPECT_EQ(peer->output(), "1b");
    ASSERT_TRUE(peer->answer(later, "e"));
    EXPECT_EQ(peer->output(), "1b1e");
}

TEST(deferred, several_replies_take_one_place) {
    driven_session peer("digits:1");
    const auto first = peer->defer(true, 0);
    const auto second = peer->defer(true, 0);
    ASSERT_TRUE(peer->answer(second, std::array<bytes, 2>{"c", "d"}));
    EXPECT_EQ(peer->output(), "");
    ASSERT_TRUE(peer->answer(first, std::array<bytes, 2>{"a", "b"}));
    EXPECT_EQ(peer->output(), "1a1b1c1d");
    EXPECT_EQ(peer->deferred(), 0U);
}

TEST(deferred, one_that_was_answered_and_waits_cannot_be_answered_again) {
    driven_session peer("digits:1");
    const auto first = peer->defer(true, 0);
    const auto second = peer->defer(true, 0);
    ASSERT_TRUE(peer->answer(second, "b"));
    EXPECT_TRUE(peer->answer(second, "x"));
    peer->skip(second);
    ASSERT_TRUE(peer->answer(first, "a"));
    EXPECT_EQ(peer->output(), "1a1b");
}

TEST(deferred, a_reply_that_cannot_be_framed_leaves_its_slot_open) {
    for (const bool keeps_place : {true, false}) {
        driven_session peer("digits:1");
        const auto slot = peer->defer(keeps_place, 0);
        EXPECT_EQ(peer->answer(slot, "more than nine").error(), errc::frame_too_large);
        EXPECT_EQ(peer->output(), "");
        EXPECT_TRUE(peer->owes());
        ASSERT_TRUE(peer->answer(slot, "fits"));
        EXPECT_EQ(peer->output(), "4fits");
    }
}

TEST(deferred, a_reply_that_cannot_be_framed_and_waits_adds_nothing) {
    driven_session peer("digits:1");
    const auto slot = peer->defer(true, 0);
    EXPECT_EQ(peer->send("more than nine").error(), errc::frame_too_large);
    ASSERT_TRUE(peer->send("b"));
    ASSERT_TRUE(peer->answer(slot, "a"));
    EXPECT_EQ(peer->output(), "1a1b");
}

TEST(deferred, is_owed_until_it_is_sent) {
    driven_session peer("digits:1");
    const auto slot = peer->defer(true, 0);
    EXPECT_TRUE(peer->owes());
    EXPECT_FALSE(peer->at_rest());
    ASSERT_TRUE(peer->answer(slot, "a"));
    EXPECT_TRUE(peer->owes());
    peer->sent(1);
    EXPECT_FALSE(peer->at_rest());
    peer->sent(1);
    EXPECT_FALSE(peer->owes());
    EXPECT_TRUE(peer->at_rest());
}

TEST(deferred, is_sent_after_the_peer_has_ended_its_stream) {
    driven_session peer("digits:1");
    EXPECT_EQ(peer.receive("1a"), event_texts{"frame a"});
    const auto slot = peer->defer(true, 0);
    EXPECT_EQ(peer.receive_eof(), event_texts{"finished"});
    EXPECT_TRUE(peer->owes());
    ASSERT_TRUE(peer->answer(slot, "a"));
    EXPECT_EQ(take_output(*peer), "1a");
    EXPECT_FALSE(peer->owes());
}

TEST(deferred, is_sent_though_the_stream_has_failed) {
    driven_session peer("digits:1");
    const auto slot = peer->defer(true, 0);
    EXPECT_EQ(peer.receive("1ax"), (event_texts{"frame a", "frame.syntax at 2"}));
    EXPECT_TRUE(peer->owes());
    ASSERT_TRUE(peer->answer(slot, "a"));
    EXPECT_EQ(take_output(*peer), "1a");
    EXPECT_FALSE(peer->owes());
}

// What waits for a reply that will never come cannot be told from that reply.
TEST(deferred, nothing_is_sent_in_the_place_of_one_that_was_dropped) {
    driven_session peer("digits:1");
    ASSERT_TRUE(peer->send("a"));
    const auto slot = peer->defer(true, 0);
    ASSERT_TRUE(peer->send("c"));
    peer->give_up(errc::service_failed, "no disk");
    EXPECT_TRUE(peer->send("d"));
    EXPECT_TRUE(peer->send_times("d", 2));
    EXPECT_FALSE(peer->can_lend());
    EXPECT_TRUE(peer->answer(slot, "b"));
    EXPECT_TRUE(peer->answer(peer->defer(true, 0), "e"));
    EXPECT_FALSE(peer->push(std::make_shared<const std::string>("1p")));
    EXPECT_EQ(take_output(*peer), "1a");
    EXPECT_FALSE(peer->owes());
    EXPECT_EQ(peer.words(), "no disk");
}

TEST(deferred, a_dropped_one_drops_the_frame_in_pieces_that_waits_for_it) {
    driven_session peer("digits:1");
    (void)peer->defer(true, 0);
    ASSERT_TRUE(peer->begin(2));
    ASSERT_TRUE(peer->append("a"));
    peer->give_up(errc::service_failed, "no disk");
    EXPECT_TRUE(peer->append("b"));
    EXPECT_TRUE(peer->end());
    EXPECT_EQ(peer->output(), "");
    EXPECT_FALSE(peer->owes());
}

TEST(deferred, without_slots_what_was_queued_is_sent_after_giving_up) {
    driven_session peer("digits:1");
    const auto slot = peer->defer(true, 0);
    ASSERT_TRUE(peer->answer(slot, "a"));
    peer->give_up(errc::service_failed, "no disk");
    ASSERT_TRUE(peer->send("b"));
    EXPECT_EQ(peer->output(), "1a1b");
}

TEST(deferred, replies_after_one_are_not_lent) {
    driven_session peer("digits:1");
    const std::string buffer = "1a1b1c";
    peer->receive(buffer);
    ASSERT_TRUE(peer->next());
    const auto slot = peer->defer(true, 0);
    EXPECT_FALSE(peer->lend(bytes(buffer).substr(1, 1)));
    const auto found = peer->next();
    ASSERT_TRUE(found);
    EXPECT_FALSE(peer->lend(found->piece.payload));
    ASSERT_TRUE(peer->send(found->piece.payload));
    ASSERT_TRUE(peer->answer(slot, "x"));
    EXPECT_EQ(take_output(*peer), "1x1b");
    const auto last = peer->next();
    ASSERT_TRUE(last);
    EXPECT_TRUE(peer->lend(last->piece.payload));
    EXPECT_EQ(peer->output().data(), buffer.data() + 4);
}

TEST(deferred, what_was_lent_before_it_comes_first) {
    driven_session peer("digits:1");
    std::string buffer = "1a1b";
    peer->receive(buffer);
    const auto first = peer->next();
    ASSERT_TRUE(first);
    ASSERT_TRUE(peer->lend(first->piece.payload));
    ASSERT_TRUE(peer->next());
    const auto slot = peer->defer(true, 0);
    ASSERT_TRUE(peer->answer(slot, "x"));
    peer->hold();
    buffer = "____";
    EXPECT_EQ(peer->output(), "1a1x");
}

TEST(deferred, replies_are_built_in_the_shared_buffer) {
    std::string shared;
    shared.reserve(1000);
    const auto* place = shared.data();
    driven_session peer("digits:1", {}, delivery::whole, &shared);
    driven_session other("digits:1", {}, delivery::whole, &shared);
    const auto slot = peer->defer(true, 0);
    ASSERT_TRUE(peer->send("b"));
    EXPECT_EQ(shared.data(), place);
    peer->hold();
    ASSERT_TRUE(other->send("o"));
    EXPECT_EQ(other->output().data(), place);
    EXPECT_EQ(take_output(*other), "1o");
    other->hold();
    ASSERT_TRUE(peer->answer(slot, "a"));
    EXPECT_EQ(peer->output().data(), place);
    EXPECT_EQ(take_output(*peer), "1a1b");
    peer->hold();
    EXPECT_EQ(shared.data(), place);
    EXPECT_TRUE(shared.empty());
}

}  // namespace
}  // namespace framewire::deferred_tests
