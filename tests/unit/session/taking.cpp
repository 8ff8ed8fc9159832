#include "driven_session.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <string>

namespace framewire::taking_tests {
namespace {

using namespace std::chrono_literals;
using tests::driven_session;
using tests::event_texts;

// What is given to `take` until it has taken `count`, then what `next` answers.
event_texts take(session& peer, std::size_t count) {
    event_texts taken;
    const auto other = peer.next([&](const piece& part, std::uint64_t offset) {
        EXPECT_TRUE(part.whole());
        taken.push_back(std::string(part.payload) + " at " + std::to_string(offset));
        return taken.size() < count;
    });
    if (!other) return taken;
    switch (other->what) {
        case event::kind::frame:
            taken.push_back("event " + std::string(other->piece.payload));
            break;
        case event::kind::skipped: taken.emplace_back("skipped"); break;
        case event::kind::finished: taken.emplace_back("finished"); break;
        case event::kind::failed: taken.emplace_back("failed"); break;
    }
    return taken;
}

constexpr std::size_t all = 1000;

TEST(taking, takes_all_frames_of_a_read) {
    driven_session peer("digits:1");
    peer->receive("1a01b");
    EXPECT_EQ(take(*peer, all), (event_texts{"a at 0", " at 2", "b at 3"}));
    EXPECT_EQ(take(*peer, all), event_texts{});
}

TEST(taking, stops_when_told_to) {
    driven_session peer("digits:1");
    peer->receive("1a1b1c");
    EXPECT_EQ(take(*peer, 1), event_texts{"a at 0"});
    EXPECT_EQ(take(*peer, 1), event_texts{"b at 2"});
    EXPECT_EQ(take(*peer, all), event_texts{"c at 4"});
}

TEST(taking, leaves_what_follows_the_frame_it_stopped_at) {
    driven_session peer("digits:1");
    peer->receive("1ax");
    EXPECT_EQ(take(*peer, 1), event_texts{"a at 0"});
    EXPECT_FALSE(peer->over());
    EXPECT_EQ(take(*peer, 1), event_texts{"failed"});
    driven_session ended("digits:1");
    ended->receive("1a");
    ended->receive_eof();
    EXPECT_EQ(take(*ended, 1), event_texts{"a at 0"});
    EXPECT_FALSE(ended->over());
    EXPECT_EQ(take(*ended, 1), event_texts{"finished"});
    EXPECT_EQ(take(*ended, 1), event_texts{});
}

TEST(taking, is_interrupted_by_a_frame_that_was_skipped) {
    driven_session peer("digits:1,max=3,oversize=skip");
    peer->receive("1a5.....1b6......4....1c");
    EXPECT_EQ(take(*peer, all), (event_texts{"a at 0", "skipped"}));
    EXPECT_EQ(take(*peer, all), (event_texts{"b at 8", "skipped"}));
    EXPECT_EQ(take(*peer, all), event_texts{"skipped"});
    EXPECT_EQ(take(*peer, all), event_texts{"c at 22"});
}

TEST(taking, is_ended_by_a_failure) {
    driven_session peer("digits:1");
    peer->receive("1a1bx1c");
    EXPECT_EQ(take(*peer, all), (event_texts{"a at 0", "b at 2", "failed"}));
    EXPECT_EQ(take(*peer, all), event_texts{});
}

TEST(taking, is_followed_by_the_end) {
    driven_session peer("digits:1");
    peer->receive("1a1b");
    peer->receive_eof();
    EXPECT_EQ(take(*peer, all), (event_texts{"a at 0", "b at 2", "finished"}));
}

TEST(taking, answers_payloads_that_had_to_be_put_together) {
    driven_session peer("digits:1");
    peer->receive("1a3b");
    EXPECT_EQ(take(*peer, all), event_texts{"a at 0"});
    peer->hold();
    peer->receive("cd1e");
    EXPECT_EQ(take(*peer, all), event_texts{"event bcd"});
    EXPECT_EQ(take(*peer, all), event_texts{"e at 6"});
}

TEST(taking, keeps_to_the_budget_of_tiny_frames) {
    driven_session peer("digits:1", {.tiny_frames_per_second_max = 20});
    std::string stream;
    for (int i = 0; i < 22; ++i) stream += "1x";
    peer->receive(stream);
    EXPECT_EQ(take(*peer, all).size(), 20U);
    EXPECT_FALSE(peer->can_continue());
    EXPECT_FALSE(peer->wants_input());
    peer.wait(50ms);
    EXPECT_EQ(take(*peer, all), event_texts{"x at 40"});
    peer.wait(50ms);
    EXPECT_EQ(take(*peer, all), event_texts{"x at 42"});
}

TEST(taking, stops_when_the_queue_is_full) {
    driven_session peer("digits:1", {.queued_bytes_max = 3});
    peer->receive("1a1b1c");
    std::string taken;
    const auto other = peer->next([&](const piece& part, std::uint64_t) {
        taken += part.payload;
        EXPECT_TRUE(peer->send(part.payload));
        return true;
    });
    EXPECT_FALSE(other);
    EXPECT_EQ(taken, "ab");
    EXPECT_FALSE(peer->can_continue());
    peer->sent(peer->output().size());
    EXPECT_EQ(take(*peer, all), event_texts{"c at 4"});
}

TEST(taking, takes_nothing_behind_an_error_of_the_system) {
    driven_session peer("digits:1");
    peer->receive("1a");
    peer->receive_error(errc::io_reset, "gone");
    EXPECT_EQ(take(*peer, all), event_texts{"failed"});
}

}  // namespace
}  // namespace framewire::taking_tests
