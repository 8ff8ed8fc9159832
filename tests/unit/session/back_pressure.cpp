#include "framewire/session/session.hpp"

#include "driven_session.hpp"
#include "random_bytes.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::back_pressure_tests {
namespace {

using namespace std::chrono_literals;
using tests::driven_session;
using tests::event_texts;

// Echoes what it says, as a connection does, until the session says nothing more.
std::string echo_all(session& peer) {
    std::string payloads;
    while (const auto said = peer.next()) {
        if (said->what != event::kind::frame) continue;
        payloads += said->piece.payload;
        EXPECT_TRUE(peer.send(said->piece.payload));
    }
    peer.hold();
    return payloads;
}

TEST(back_pressure, stops_in_the_middle_of_a_read_and_loses_nothing) {
    driven_session peer("digits:1", {.queued_bytes_max = 6});
    {
        const std::string buffer = "2ab2cd2ef2gh2";
        peer->receive(buffer);
        EXPECT_EQ(echo_all(*peer), "abcd");
    }
    EXPECT_FALSE(peer->wants_input());
    EXPECT_FALSE(peer->can_continue());
    EXPECT_FALSE(peer->at_rest());
    EXPECT_EQ(peer->output(), "2ab2cd");
    peer->sent(1);
    EXPECT_TRUE(peer->can_continue());
    EXPECT_FALSE(peer->wants_input());
    EXPECT_EQ(echo_all(*peer), "ef");
    EXPECT_FALSE(peer->can_continue());
    peer->sent(peer->output().size());
    EXPECT_EQ(echo_all(*peer), "gh");
    EXPECT_TRUE(peer->wants_input());
    peer->sent(peer->output().size());
    EXPECT_EQ(peer.receive("ij"), event_texts{"frame ij"});
}

TEST(back_pressure, the_end_waits_for_what_is_held) {
    driven_session peer("digits:1", {.queued_bytes_max = 3});
    peer->receive("2ab2cd");
    EXPECT_EQ(echo_all(*peer), "ab");
    peer->receive_eof();
    EXPECT_EQ(peer.drain(), event_texts{});
    EXPECT_FALSE(peer->over());
    peer->sent(3);
    EXPECT_TRUE(peer->can_continue());
    EXPECT_EQ(echo_all(*peer), "cd");
    EXPECT_TRUE(peer->over());
}

TEST(back_pressure, the_end_is_said_even_to_a_full_queue) {
    driven_session peer("digits:1", {.queued_bytes_max = 3});
    peer->receive("2ab");
    EXPECT_EQ(echo_all(*peer), "ab");
    EXPECT_EQ(peer.receive_eof(), event_texts{"finished"});
    EXPECT_EQ(peer->output(), "2ab");
}

TEST(back_pressure, holding_twice_changes_nothing) {
    driven_session peer("digits:1", {.queued_bytes_max = 3});
    peer->receive("2ab2cd2ef");
    EXPECT_EQ(echo_all(*peer), "ab");
    peer->hold();
    peer->hold();
    EXPECT_EQ(peer.drain(), event_texts{});
    peer->sent(3);
    EXPECT_EQ(peer.drain(), (event_texts{"frame cd", "frame ef"}));
}

TEST(back_pressure, a_peer_that_never_quite_empties_its_queue_keeps_it_bounded) {
    driven_session peer("digits:3", {.queued_bytes_max = 100});
    const std::string payload(50, 'x');
    for (int i = 0; i < 1000; ++i) {
        while (peer->output().size() < 100) ASSERT_TRUE(peer->send(payload));
        const auto before = std::string(peer->output());
        peer->sent(60);
        ASSERT_EQ(peer->output(), before.substr(60));
    }
    EXPECT_LE(peer->output().size(), 200U);
}

TEST(back_pressure, loses_nothing_whatever_is_read_and_written) {
    tests::random_bytes random(51);
    for (int round = 0; round < 200; ++round) {
        std::string stream;
        std::string payloads;
        const auto framing = *framing::parse("digits:2");
        for (std::size_t n = random.below(20); n > 0; --n) {
            const auto payload = random.any(random.below(30));
            ASSERT_TRUE(framing.encode(payload, stream));
            payloads += payload;
        }
        driven_session peer("digits:2", {.queued_bytes_max = 1 + random.below(64)});
        std::string payloads_heard;
        std::string written;
        for (std::size_t at = 0; at < stream.size() || !peer->at_rest();) {
            if (peer->wants_input()) {
                const auto size = std::min(stream.size() - at, 1 + random.below(40));
                const auto buffer = stream.substr(at, size);
                at += size;
                peer->receive(buffer);
                payloads_heard += echo_all(*peer);
            } else if (peer->can_continue()) {
                payloads_heard += echo_all(*peer);
            }
            const auto size = random.below(peer->output().size() + 1);
            written += peer->output().substr(0, size);
            peer->sent(size);
        }
        ASSERT_EQ(payloads_heard, payloads);
        ASSERT_EQ(written, stream);
    }
}

}  // namespace
}  // namespace framewire::back_pressure_tests
