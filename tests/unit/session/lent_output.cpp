// What becomes of frames that were queued where they were received.

#include "answering.hpp"
#include "driven_session.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <chrono>
#include <string>

namespace framewire::lent_output_tests {
namespace {

using namespace std::chrono_literals;
using tests::answer_all;
using tests::driven_session;
using tests::event_texts;

void lend_all(session& peer, bytes input) {
    answer_all(peer, input, [&](bytes payload) { EXPECT_TRUE(peer.lend(payload)); });
}

TEST(lent_output, is_taken_byte_by_byte) {
    driven_session peer("digits:2");
    const std::string buffer = "02hi02ho";
    lend_all(*peer, buffer);
    for (std::size_t taken = 0; taken < buffer.size(); ++taken) {
        EXPECT_EQ(peer->output(), bytes(buffer).substr(taken));
        EXPECT_EQ(peer->output().data(), buffer.data() + taken);
        peer->sent(1);
    }
    EXPECT_EQ(peer->output(), "");
    peer->hold();
    EXPECT_TRUE(peer->at_rest());
}

TEST(lent_output, is_kept_when_its_buffer_goes_away) {
    driven_session peer("digits:2");
    std::string buffer = "02hi02ho";
    lend_all(*peer, buffer);
    peer->sent(3);
    peer->hold();
    std::ranges::fill(buffer, '!');
    EXPECT_EQ(peer->output(), "i02ho");
    peer->hold();
    EXPECT_EQ(peer->output(), "i02ho");
    peer->sent(4);
    EXPECT_EQ(peer->output(), "o");
    peer->sent(1);
    EXPECT_EQ(peer->output(), "");
}

TEST(lent_output, that_was_kept_is_followed_by_what_comes_later) {
    driven_session peer("digits:2");
    lend_all(*peer, "02hi");
    peer->sent(1);
    peer->hold();
    const std::string more = "02ho";
    answer_all(*peer, more, [&](bytes payload) {
        EXPECT_FALSE(peer->lend(payload));
        ASSERT_TRUE(peer->send(payload));
    });
    EXPECT_EQ(peer->output(), "2hi02ho");
}

TEST(lent_output, can_be_dropped) {
    driven_session peer("digits:2");
    lend_all(*peer, "02hi");
    peer->sent(1);
    peer->drop_output();
    EXPECT_EQ(peer->output(), "");
    peer->hold();
    EXPECT_EQ(peer->output(), "");
    lend_all(*peer, "02ho");
    EXPECT_EQ(peer->output(), "02ho");
}

TEST(lent_output, goes_into_the_shared_buffer_with_what_comes_later) {
    std::string shared;
    shared.reserve(1000);
    const auto* place = shared.data();
    driven_session peer("digits:2", {}, delivery::whole, &shared);
    lend_all(*peer, "02hi");
    EXPECT_EQ(peer->output(), "02hi");
    ASSERT_TRUE(peer->send("ho"));
    EXPECT_EQ(peer->output(), "02hi02ho");
    EXPECT_EQ(peer->output().data(), place);
}

TEST(lent_output, fills_the_queue) {
    driven_session peer("digits:2", {.queued_bytes_max = 6});
    const std::string buffer = "02hi02ho02hu02he";
    lend_all(*peer, buffer);
    EXPECT_EQ(peer->output(), "02hi02ho");
    EXPECT_FALSE(peer->wants_input());
    EXPECT_FALSE(peer->can_continue());
    peer->sent(2);
    EXPECT_FALSE(peer->can_continue());
    peer->sent(1);
    EXPECT_TRUE(peer->can_continue());
    EXPECT_FALSE(peer->wants_input());
    peer->hold();
    EXPECT_EQ(peer.drain(), (event_texts{"frame hu", "frame he"}));
    EXPECT_EQ(peer->output(), "i02ho");
}

TEST(lent_output, is_owed) {
    driven_session peer("digits:2", {.idle_deadline = 1s});
    lend_all(*peer, "02hi");
    peer->hold();
    EXPECT_FALSE(peer->at_rest());
    EXPECT_FALSE(peer->expire());
    peer->sent(4);
    EXPECT_TRUE(peer->at_rest());
}

TEST(lent_output, has_its_deadline_from_the_first_frame_lent) {
    driven_session peer("digits:2");
    peer.wait(1h);
    const std::string buffer = "02hi02ho";
    answer_all(*peer, buffer, [&](bytes payload) {
        EXPECT_TRUE(peer->lend(payload));
        if (payload == "hi") peer.wait(10s);
    });
    EXPECT_EQ(peer.left(), 20'000ms);
    peer->hold();
    EXPECT_EQ(peer.left(), 20'000ms);
    peer->sent(1);
    EXPECT_EQ(peer.left(), 30'000ms);
    EXPECT_EQ(peer.expire_after(30s), event_texts{"io.timeout_write at 8"});
    EXPECT_EQ(peer.words(), "the peer accepted none of 7 bytes within 30s");
}

TEST(lent_output, is_sent_though_the_stream_has_failed) {
    driven_session peer("digits:2");
    const std::string buffer = "02hixx";
    const auto other =
        answer_all(*peer, buffer, [&](bytes payload) { EXPECT_TRUE(peer->lend(payload)); });
    ASSERT_TRUE(other);
    EXPECT_EQ(other->what, event::kind::failed);
    EXPECT_EQ(peer->output(), "02hi");
}

TEST(lent_output, resumes_what_a_full_queue_held_up) {
    driven_session peer("digits:2", {.queued_bytes_max = 4});
    lend_all(*peer, "02hi0");
    peer->hold();
    peer.wait(20s);
    peer->sent(4);
    EXPECT_EQ(peer.drain(), event_texts{});
    EXPECT_EQ(peer.left(), 5000ms);
}

}  // namespace
}  // namespace framewire::lent_output_tests
