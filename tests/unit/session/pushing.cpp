#include "framewire/session/session.hpp"

#include "driven_session.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <memory>
#include <string>

namespace framewire::pushing_tests {
namespace {

using namespace std::chrono_literals;
using tests::driven_session;
using tests::event_texts;
using shared_frame = std::shared_ptr<const std::string>;

shared_frame frame_of(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

TEST(pushing, sends_a_shared_frame_from_where_it_lies) {
    const auto frame = frame_of("5Hello");
    driven_session peer("digits:1");
    driven_session other("digits:1");
    ASSERT_TRUE(peer->push(frame));
    ASSERT_TRUE(other->push(frame));
    EXPECT_EQ(peer->output().data(), frame->data());
    EXPECT_EQ(other->output().data(), frame->data());
    peer->hold();
    peer->sent(2);
    peer->hold();
    EXPECT_EQ(peer->output(), "ello");
    EXPECT_EQ(peer->output().data(), frame->data() + 2);
    peer->sent(4);
    EXPECT_EQ(peer->output(), "");
    EXPECT_EQ(frame.use_count(), 2) << "the one that was sent is given back";
    EXPECT_TRUE(peer->at_rest());
}

TEST(pushing, holds_the_frame_until_it_is_sent_and_no_longer) {
    driven_session peer("digits:1");
    auto frame = frame_of("1a");
    const std::weak_ptr<const std::string> seen = frame;
    ASSERT_TRUE(peer->push(frame));
    frame.reset();
    peer->hold();
    EXPECT_FALSE(seen.expired());
    EXPECT_EQ(peer->output(), "1a");
    peer->drop_output();
    EXPECT_TRUE(seen.expired());
    EXPECT_EQ(peer->output(), "");
    ASSERT_TRUE(peer->push(frame_of("1b")));
    ASSERT_TRUE(peer->send("c"));
    EXPECT_EQ(peer->output(), "1b1c");
}

// The peer does not take what was pushed, and sends something itself.
TEST(pushing, input_comes_while_a_pushed_frame_is_left) {
    driven_session peer("digits:1");
    ASSERT_TRUE(peer->push(frame_of("5Hello")));
    peer->sent(1);
    peer->hold();
    ASSERT_TRUE(peer->wants_input());
    std::string buffer = "1a1b";
    peer->receive(buffer);
    const auto first = peer->next();
    ASSERT_TRUE(first);
    EXPECT_FALSE(peer->lend(first->piece.payload));
    ASSERT_TRUE(peer->send(first->piece.payload));
    EXPECT_EQ(peer->output(), "Hello1a");
    EXPECT_TRUE(peer->next());
    peer->hold();
    EXPECT_EQ(peer->output(), "Hello1a");
}

TEST(pushing, comes_after_what_is_queued) {
    driven_session peer("digits:1");
    ASSERT_TRUE(peer->send("a"));
    peer->sent(1);
    ASSERT_TRUE(peer->push(frame_of("1b")));
    ASSERT_TRUE(peer->push(frame_of("1c")));
    ASSERT_TRUE(peer->send("d"));
    EXPECT_EQ(peer->output(), "a1b1c1d");
}

TEST(pushing, comes_after_what_is_lent) {
    driven_session peer("digits:1");
    std::string buffer = "1a";
    peer->receive(buffer);
    const auto found = peer->next();
    ASSERT_TRUE(found);
    ASSERT_TRUE(peer->lend(found->piece.payload));
    peer->sent(1);
    ASSERT_TRUE(peer->push(frame_of("1b")));
    peer->hold();
    buffer = "__";
    EXPECT_EQ(peer->output(), "a1b");
}

TEST(pushing, waits_for_no_slot) {
    driven_session peer("digits:1");
    const auto slot = peer->defer(true, 0);
    ASSERT_TRUE(peer->send("b"));
    ASSERT_TRUE(peer->push(frame_of("1p")));
    EXPECT_EQ(peer->output(), "1p");
    peer->sent(1);
    ASSERT_TRUE(peer->answer(slot, "a"));
    EXPECT_EQ(peer->output(), "p1a1b");
}

TEST(pushing, is_refused_while_the_queue_is_full) {
    driven_session peer("digits:1", {.queued_bytes_max = 4});
    ASSERT_TRUE(peer->push(frame_of("2ab")));
    EXPECT_TRUE(peer->can_push());
    EXPECT_TRUE(peer->wants_input());
    ASSERT_TRUE(peer->push(frame_of("2cd")));
    EXPECT_FALSE(peer->can_push());
    EXPECT_FALSE(peer->push(frame_of("2ef")));
    EXPECT_FALSE(peer->wants_input());
    EXPECT_EQ(peer->output(), "2ab2cd");
    peer->sent(3);
    EXPECT_TRUE(peer->push(frame_of("2ef")));
    EXPECT_EQ(peer->output(), "2cd2ef");
}

TEST(pushing, is_refused_while_a_frame_is_open_in_the_output) {
    driven_session peer("digits:1");
    ASSERT_TRUE(peer->begin(2));
    EXPECT_FALSE(peer->can_push());
    EXPECT_FALSE(peer->push(frame_of("1p")));
    ASSERT_TRUE(peer->append("ab"));
    peer->sent(3);
    EXPECT_FALSE(peer->push(frame_of("1p")));
    ASSERT_TRUE(peer->end());
    EXPECT_TRUE(peer->push(frame_of("1p")));
    EXPECT_EQ(peer->output(), "1p");
}

// A payload of `raw` that is empty has a frame that is empty.
TEST(pushing, of_nothing_leaves_nothing) {
    driven_session peer("raw");
    const auto nothing = frame_of("");
    EXPECT_TRUE(peer->push(nothing));
    EXPECT_EQ(nothing.use_count(), 1);
    std::string buffer = "abc";
    peer->receive(buffer);
    const auto found = peer->next();
    ASSERT_TRUE(found);
    EXPECT_TRUE(peer->lend(found->piece.payload));
    peer->hold();
    buffer = "___";
    EXPECT_EQ(peer->output(), "abc");
}

TEST(pushing, has_the_write_deadline) {
    driven_session peer("digits:1", {.write_deadline = 5s});
    peer.wait(1h);
    ASSERT_TRUE(peer->push(frame_of("1a")));
    EXPECT_EQ(peer.left(), 5'000ms);
    peer.wait(4s);
    ASSERT_TRUE(peer->push(frame_of("1b")));
    EXPECT_EQ(peer.left(), 1'000ms);
    EXPECT_EQ(peer.expire_after(1s), event_texts{"io.timeout_write at 0"});
}

TEST(pushing, is_owed_after_the_peer_has_ended_its_stream) {
    driven_session peer("digits:1");
    EXPECT_EQ(peer.receive_eof(), event_texts{"finished"});
    ASSERT_TRUE(peer->push(frame_of("1a")));
    EXPECT_TRUE(peer->owes());
    peer->sent(2);
    EXPECT_FALSE(peer->owes());
}

TEST(pushing, takes_no_shared_buffer_that_it_does_not_need) {
    std::string shared;
    shared.reserve(1000);
    const auto* place = shared.data();
    driven_session peer("digits:1", {}, delivery::whole, &shared);
    ASSERT_TRUE(peer->push(frame_of("1a")));
    EXPECT_EQ(shared.data(), place);
    ASSERT_TRUE(peer->push(frame_of("1b")));
    EXPECT_EQ(peer->output(), "1a1b");
    EXPECT_EQ(peer->output().data(), place);
    peer->sent(4);
    peer->hold();
    EXPECT_EQ(shared.data(), place);
}

}  // namespace
}  // namespace framewire::pushing_tests
