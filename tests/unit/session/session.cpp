#include "framewire/session/session.hpp"

#include "driven_session.hpp"
#include "printing.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::session_tests {
namespace {

using tests::driven_session;
using tests::event_texts;

TEST(session, says_frames_in_order_and_where_they_began) {
    driven_session peer("digits:2");
    peer->receive(
        "02hi00"
        "03abc0");
    EXPECT_EQ(peer->next(), (event{event::kind::frame, {.payload = "hi", .announced = 2}, 0}));
    EXPECT_EQ(peer->next(), (event{event::kind::frame, {.payload = "", .announced = 0}, 4}));
    EXPECT_EQ(peer->next(), (event{event::kind::frame, {.payload = "abc", .announced = 3}, 6}));
    EXPECT_FALSE(peer->next());
    EXPECT_EQ(peer->offset(), 12U);
}

TEST(session, hands_out_a_whole_frame_where_it_arrived) {
    driven_session peer("digits:2");
    const std::string buffer = "05Hello";
    peer->receive(buffer);
    EXPECT_EQ(peer->next()->piece.payload.data(), buffer.data() + 2);
}

TEST(session, puts_a_split_frame_together) {
    driven_session peer("digits:2");
    EXPECT_EQ(peer.receive("0"), event_texts{});
    EXPECT_EQ(peer.receive("5He"), event_texts{});
    EXPECT_EQ(peer.receive("l"), event_texts{});
    EXPECT_EQ(peer.receive("lo02h"), event_texts{"frame Hello"});
    EXPECT_EQ(peer.receive("i"), event_texts{"frame hi"});
}

TEST(session, counts_characters_that_are_split) {
    driven_session peer("digits:10,count=chars");
    const std::string stream = "0000000011h\xC3\xA9llo w\xC3\xB6rld0000000001\xE2\x82\xAC";
    event_texts all;
    for (const char& byte : stream) {
        for (auto& each : peer.receive(bytes(&byte, 1))) all.push_back(std::move(each));
    }
    EXPECT_EQ(all, (event_texts{"frame h\xC3\xA9llo w\xC3\xB6rld", "frame \xE2\x82\xAC"}));
}

TEST(session, ends_well_between_two_frames) {
    driven_session peer("digits:2");
    EXPECT_EQ(peer.receive("02hi"), event_texts{"frame hi"});
    EXPECT_FALSE(peer->peer_finished());
    EXPECT_EQ(peer.receive_eof(), event_texts{"finished"});
    EXPECT_TRUE(peer->peer_finished());
    EXPECT_TRUE(peer->over());
    EXPECT_FALSE(peer->failure());
    EXPECT_FALSE(peer->wants_input());
    EXPECT_EQ(peer.drain(), event_texts{});
}

TEST(session, ends_well_before_the_first_frame) {
    driven_session peer("digits:2");
    EXPECT_EQ(peer.receive_eof(), event_texts{"finished"});
}

TEST(session, an_end_that_comes_with_frames_comes_after_them) {
    driven_session peer("digits:2");
    peer->receive("02hi02ho");
    peer->receive_eof();
    EXPECT_EQ(peer.drain(), (event_texts{"frame hi", "frame ho", "finished"}));
}

TEST(session, an_end_in_a_header_or_in_a_payload_is_truncation) {
    driven_session header("digits:2");
    EXPECT_EQ(header.receive("02hi0"), event_texts{"frame hi"});
    EXPECT_EQ(header.receive_eof(), event_texts{"frame.truncated at 5"});
    driven_session payload("digits:2");
    EXPECT_EQ(payload.receive("02hi05Hel"), event_texts{"frame hi"});
    EXPECT_EQ(payload.receive_eof(), event_texts{"frame.truncated at 9"});
    EXPECT_TRUE(payload->over());
    driven_session fixed("fixed:16");
    EXPECT_EQ(fixed.receive("Greetin"), event_texts{});
    EXPECT_EQ(fixed.receive_eof(), event_texts{"frame.truncated at 7"});
    EXPECT_EQ(fixed.words(),
              "was expecting 16 bytes but only received 7 bytes before the socket closed");
}

TEST(session, frames_in_front_of_a_fault_are_still_said) {
    driven_session peer("digits:2");
    EXPECT_EQ(peer.receive("02hi00+5Hello"),
              (event_texts{"frame hi", "frame ", "frame.length_syntax at 6"}));
    EXPECT_TRUE(peer->over());
    ASSERT_TRUE(peer->failure());
    EXPECT_EQ(peer->failure()->code, errc::frame_length_syntax);
}

TEST(session, is_over_for_good) {
    driven_session peer("digits:2");
    EXPECT_EQ(peer.receive("xx"), event_texts{"frame.syntax at 0"});
    EXPECT_FALSE(peer->wants_input());
    EXPECT_FALSE(peer->can_continue());
    peer->receive_eof();
    peer->receive_error(errc::io_reset, "");
    EXPECT_EQ(peer.drain(), event_texts{});
    ASSERT_TRUE(peer->failure());
    EXPECT_EQ(peer->failure()->code, errc::frame_syntax);
}

TEST(session, a_reset_ends_it_wherever_it_stands) {
    for (const char* before : {"", "0", "05He"}) {
        driven_session peer("digits:2");
        EXPECT_EQ(peer.receive(before), event_texts{});
        peer->receive_error(errc::io_reset, "the peer reset the connection");
        EXPECT_FALSE(peer->wants_input());
        EXPECT_EQ(peer.drain(),
                  event_texts{"io.reset at " + std::to_string(std::string(before).size())});
        EXPECT_EQ(peer.words(), "the peer reset the connection");
    }
}

TEST(session, a_reset_after_the_end_is_not_an_error) {
    driven_session peer("digits:2");
    EXPECT_EQ(peer.receive_eof(), event_texts{"finished"});
    peer->receive_error(errc::io_reset, "");
    EXPECT_EQ(peer.drain(), event_texts{});
    EXPECT_FALSE(peer->failure());
}

TEST(session, says_what_it_skipped) {
    driven_session peer("digits:2,max=3,oversize=skip");
    EXPECT_EQ(peer.receive("05Hel"), event_texts{});
    EXPECT_EQ(peer.receive("lo02hi"), (event_texts{"skipped 5", "frame hi"}));
}

TEST(session, raw_says_what_each_read_brought) {
    driven_session peer("raw");
    EXPECT_EQ(peer.receive("Hi"), event_texts{"frame Hi"});
    EXPECT_EQ(peer.receive("there"), event_texts{"frame there"});
    EXPECT_EQ(peer.receive_eof(), event_texts{"finished"});
}

TEST(session, is_at_rest_only_between_frames_with_nothing_owed) {
    driven_session peer("digits:2");
    EXPECT_TRUE(peer->at_rest());
    peer.receive("0");
    EXPECT_FALSE(peer->at_rest());
    peer.receive("2h");
    EXPECT_FALSE(peer->at_rest());
    peer.receive("i");
    EXPECT_TRUE(peer->at_rest());
    ASSERT_TRUE(peer->send("hi"));
    EXPECT_FALSE(peer->at_rest());
    peer->sent(4);
    EXPECT_TRUE(peer->at_rest());
}

TEST(session, that_is_given_up_is_over_and_still_owes) {
    driven_session peer("digits:2");
    EXPECT_EQ(peer.receive("02hi0"), event_texts{"frame hi"});
    ASSERT_TRUE(peer->send("hi"));
    peer->give_up(errc::frame_utf8, "the reply cannot be framed");
    EXPECT_TRUE(peer->over());
    EXPECT_FALSE(peer->wants_input());
    EXPECT_EQ(peer.drain(), event_texts{});
    ASSERT_TRUE(peer->failure());
    EXPECT_EQ(peer->failure()->code, errc::frame_utf8);
    EXPECT_EQ(peer->failure()->offset, 5U);
    EXPECT_EQ(peer.words(), "the reply cannot be framed");
    EXPECT_EQ(peer->output(), "02hi");
    EXPECT_EQ(peer.left(), limits{}.write_deadline);
    peer->sent(4);
    EXPECT_EQ(peer.left(), std::nullopt);
}

TEST(session, that_is_given_up_after_its_end_has_failed) {
    driven_session peer("digits:2");
    EXPECT_EQ(peer.receive_eof(), event_texts{"finished"});
    peer->give_up(errc::io_reset, "gone");
    ASSERT_TRUE(peer->failure());
    EXPECT_EQ(peer->failure()->code, errc::io_reset);
}

TEST(session, that_is_given_up_forgets_what_it_held_back) {
    driven_session peer("digits:1", {.queued_bytes_max = 3});
    ASSERT_TRUE(peer->send("ab"));
    peer->receive("2cd");
    EXPECT_EQ(peer.drain(), event_texts{});
    peer->sent(3);
    EXPECT_TRUE(peer->can_continue());
    peer->give_up(errc::io_failed, "");
    EXPECT_FALSE(peer->can_continue());
    EXPECT_EQ(peer.drain(), event_texts{});
    EXPECT_TRUE(peer->at_rest());
}

TEST(session, keeps_its_first_error) {
    driven_session peer("digits:2");
    ASSERT_TRUE(peer->send("hi"));
    EXPECT_EQ(peer.receive("xx"), event_texts{"frame.syntax at 0"});
    const auto* const failure = peer->failure();
    peer->give_up(errc::io_failed, "another");
    peer.wait(limits{}.write_deadline);
    EXPECT_EQ(peer->expire(), errc::io_timeout_write);
    EXPECT_EQ(peer.drain(), event_texts{"frame.syntax at 0"});
    EXPECT_EQ(peer->failure(), failure);
    EXPECT_EQ(failure->code, errc::frame_syntax);
}

}  // namespace
}  // namespace framewire::session_tests
