// Sessions whose framing changes.

#include "framewire/session/session.hpp"

#include "driven_session.hpp"

#include <gtest/gtest.h>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace framewire::framings_tests {
namespace {

using tests::driven_session;
using events = std::vector<std::string>;

framing of(std::string_view spec) { return *framing::parse(spec); }

std::string take_output(session& peer) {
    const std::string all(peer.output());
    peer.sent(all.size());
    peer.hold();
    return all;
}

std::string output_after(driven_session& peer, std::initializer_list<const char*> payloads) {
    for (const auto* const payload : payloads) EXPECT_TRUE(peer->send(payload));
    return take_output(*peer);
}

TEST(session_framings, the_first_frame_is_of_another_framing) {
    driven_session peer("digits:1,first=line");
    EXPECT_EQ(peer.receive("hello\n1a2bc"), (events{"frame hello", "frame a", "frame bc"}));
    EXPECT_EQ(peer.receive("1d"), (events{"frame d"}));
    EXPECT_EQ(peer->offset(), 13U);
    EXPECT_EQ(output_after(peer, {"hello", "a", "bc"}), "hello\n1a2bc");
    EXPECT_EQ(output_after(peer, {"d"}), "1d");
}

TEST(session_framings, offsets_continue_after_the_first_frame) {
    driven_session peer("digits:1,first=line");
    EXPECT_EQ(peer.receive("hello\n1ax"), (events{"frame hello", "frame a", "frame.syntax at 8"}));
}

TEST(session_framings, a_first_frame_may_come_in_any_pieces) {
    const std::string stream = "hello\r\n1a2bc";
    for (std::size_t cut = 1; cut < stream.size(); ++cut) {
        driven_session peer("digits:1,first=line");
        auto all = peer.receive(stream.substr(0, cut));
        for (auto& one : peer.receive(stream.substr(cut))) all.push_back(one);
        EXPECT_EQ(all, (events{"frame hello", "frame a", "frame bc"})) << cut;
    }
}

TEST(session_framings, each_direction_has_its_framing) {
    driven_session peer(R"(digits:1,first=fixed:2,reply=line\,first=digits:3)");
    EXPECT_EQ(peer.receive("ab1c"), (events{"frame ab", "frame c"}));
    EXPECT_EQ(output_after(peer, {"x", "y", "z"}), "001xy\nz\n");
    EXPECT_FALSE(peer->can_lend());
}

TEST(session_framings, a_received_frame_is_not_sent_in_another_framing) {
    for (const auto* const spec : {"digits:1,reply=u8", "digits:1,first=digits:2"}) {
        session peer(of(spec), {}, delivery::whole, {});
        peer.receive(peer.rules()->frames.first() != nullptr ? "01a" : "1a");
        const auto found = peer.next();
        ASSERT_TRUE(found);
        EXPECT_FALSE(peer.lend(found->piece.payload)) << spec;
    }
}

TEST(session_framings, frames_are_lent_again_after_the_first) {
    session peer(of("digits:1,first=line"), {}, delivery::whole, {});
    ASSERT_TRUE(peer.send("hi"));
    peer.sent(peer.output().size());
    peer.receive("hello\n1a");
    ASSERT_TRUE(peer.next());
    const auto found = peer.next();
    ASSERT_TRUE(found);
    EXPECT_TRUE(peer.lend(found->piece.payload));
    EXPECT_EQ(peer.output(), "1a");
}

TEST(session_framings, a_skipped_first_frame_is_the_first) {
    driven_session peer("digits:1,oversize=skip,first=digits:2\\,max=4");
    EXPECT_EQ(peer.receive("05Hello1a"), (events{"skipped 5", "frame a"}));
}

TEST(session_framings, a_stream_may_end_before_or_in_its_first_frame) {
    driven_session quiet("digits:1,first=line");
    EXPECT_EQ(quiet.receive_eof(), events{"finished"});
    driven_session cut("digits:1,first=line");
    EXPECT_EQ(cut.receive("he"), events{});
    EXPECT_EQ(cut.receive_eof(), events{"frame.truncated at 2"});
}

TEST(session_framings, changes_between_frames) {
    driven_session peer("digits:1");
    EXPECT_EQ(peer.receive("1a"), events{"frame a"});
    ASSERT_TRUE(peer->send("x"));
    peer->use(of("line"));
    ASSERT_TRUE(peer->send("y"));
    EXPECT_EQ(take_output(*peer), "1xy\n");
    EXPECT_EQ(peer.receive("b\nc\n"), (events{"frame b", "frame c"}));
    EXPECT_EQ(peer->offset(), 6U);
}

TEST(session_framings, changes_after_the_current_frame) {
    driven_session peer("digits:1");
    EXPECT_EQ(peer.receive("3a"), events{});
    peer->use(of("line"));
    EXPECT_EQ(peer.receive("bcd\ne"), (events{"frame abc", "frame d"}));
    EXPECT_EQ(peer.receive("\n"), events{"frame e"});
}

TEST(session_framings, changes_one_direction) {
    driven_session peer("digits:1");
    peer->use(of("line"), direction::sent);
    EXPECT_EQ(peer.receive("1a"), events{"frame a"});
    EXPECT_EQ(output_after(peer, {"a"}), "a\n");
    peer->use(of("u8"), direction::received);
    EXPECT_EQ(peer.receive("\1b"), events{"frame b"});
    EXPECT_EQ(output_after(peer, {"b"}), "b\n");
    EXPECT_FALSE(peer->can_lend());
    peer->use(of("u8"), direction::sent);
    EXPECT_TRUE(peer->can_lend());
}

TEST(session_framings, a_new_framing_has_its_own_first_and_reply) {
    driven_session peer("digits:1,first=fixed:4");
    peer->use(of(R"(u8,first=line,reply=digits:2\,first=line)"));
    EXPECT_EQ(peer.receive("a\n\1b"), (events{"frame a", "frame b"}));
    EXPECT_EQ(output_after(peer, {"x", "y"}), "x\n01y");
}

TEST(session_framings, a_first_frame_that_has_begun_is_completed) {
    driven_session peer("digits:1,first=fixed:4");
    EXPECT_EQ(peer.receive("ab"), events{});
    peer->use(of("line"));
    EXPECT_EQ(peer.receive("cde\nf\n"), (events{"frame abcd", "frame e", "frame f"}));
}

TEST(session_framings, a_framing_may_change_twice_before_it_is_used) {
    driven_session peer("digits:1");
    peer->use(of("line"));
    peer->use(of("u8"));
    EXPECT_EQ(peer.receive("\1a"), events{"frame a"});
    EXPECT_EQ(output_after(peer, {"x"}), "\1x");
}

TEST(session_framings, from_frames_to_none) {
    driven_session peer("digits:1");
    EXPECT_EQ(peer.receive("1a"), events{"frame a"});
    peer->use(of("raw"));
    EXPECT_EQ(peer.receive("anything"), events{"frame anything"});
    EXPECT_EQ(output_after(peer, {"at", "all"}), "atall");
    peer->use(of("line"));
    EXPECT_EQ(peer.receive("b\n"), events{"frame b"});
}

TEST(session_framings, tiny_frames_are_bounded_after_a_change_from_raw) {
    driven_session peer("raw", {.tiny_frames_per_second_max = 2});
    peer->use(of("digits:1"));
    EXPECT_EQ(peer.receive("1a1b1c1d"), (events{"frame a", "frame b"}));
}

TEST(session_framings, pieces_of_an_open_frame_keep_their_framing) {
    driven_session peer("digits:1,first=digits:2");
    ASSERT_TRUE(peer->begin(2));
    ASSERT_TRUE(peer->append("a"));
    peer->use(of("line"));
    ASSERT_TRUE(peer->append("b"));
    ASSERT_TRUE(peer->end());
    EXPECT_EQ(output_after(peer, {"c"}), "02abc\n");
}

TEST(session_framings, deferred_replies_keep_the_framing_of_their_place) {
    driven_session peer("digits:1");
    const auto early = peer->defer(true, 0);
    ASSERT_TRUE(peer->send("b"));
    peer->use(of("line"));
    ASSERT_TRUE(peer->send("c"));
    const auto late = peer->defer(true, 0);
    ASSERT_TRUE(peer->send("e"));
    ASSERT_TRUE(peer->answer(late, "d"));
    EXPECT_EQ(take_output(*peer), "");
    ASSERT_TRUE(peer->answer(early, "a"));
    EXPECT_EQ(take_output(*peer), "1a1bc\nd\ne\n");
    EXPECT_EQ(output_after(peer, {"f"}), "f\n");
}

TEST(session_framings, a_reply_that_overtakes_a_change_is_of_the_framing_before_it) {
    driven_session peer("digits:1");
    const auto slot = peer->defer(true, 0);
    const auto loose = peer->defer(false, 0);
    const auto last = peer->defer(false, 0);
    peer->use(of("line"));
    ASSERT_TRUE(peer->answer(loose, "a"));
    std::string pushed;
    EXPECT_FALSE(peer->shares_pushed());
    ASSERT_TRUE(peer->frame_to_push("b", pushed));
    EXPECT_TRUE(peer->push(std::make_shared<const std::string>(pushed)));
    ASSERT_TRUE(peer->answer(slot, "c"));
    ASSERT_TRUE(peer->answer(last, "d"));
    EXPECT_EQ(take_output(*peer), "1a1b1cd\n");
}

TEST(session_framings, the_first_frame_is_the_one_that_is_sent_first) {
    driven_session in_order("digits:1,first=line");
    const auto slot = in_order->defer(true, 0);
    ASSERT_TRUE(in_order->send("b"));
    ASSERT_TRUE(in_order->answer(slot, "a"));
    EXPECT_EQ(take_output(*in_order), "a\n1b");
    driven_session overtaken("digits:1,first=line");
    const auto later = overtaken->defer(true, 0);
    const auto sooner = overtaken->defer(false, 0);
    ASSERT_TRUE(overtaken->answer(sooner, "a"));
    ASSERT_TRUE(overtaken->answer(later, "b"));
    EXPECT_EQ(take_output(*overtaken), "a\n1b");
    driven_session pushed("digits:1,first=line");
    std::string frame;
    ASSERT_TRUE(pushed->frame_to_push("a", frame));
    EXPECT_EQ(frame, "a\n");
    EXPECT_TRUE(pushed->push(std::make_shared<const std::string>(frame)));
    EXPECT_EQ(output_after(pushed, {"b"}), "a\n1b");
}

TEST(session_framings, a_payload_that_cannot_be_framed_is_not_the_first) {
    driven_session peer("digits:1,first=fixed:2");
    EXPECT_FALSE(peer->send("abc"));
    EXPECT_FALSE(peer->begin(3));
    EXPECT_EQ(output_after(peer, {"ab", "c"}), "ab1c");
}

TEST(session_framings, large_payloads_come_in_pieces_before_and_after_a_change) {
    const limits small{.assembled_bytes_max = 4};
    driven_session peer("digits:2,first=digits:1", small, delivery::pieces);
    EXPECT_EQ(peer.receive("6Hello"), (events{"first Hello"}));
    EXPECT_EQ(peer.receive("!0"), (events{"last !"}));
    EXPECT_EQ(peer.receive("1a"), (events{"frame a"}));
}

TEST(session_framings, the_same_replies_are_framed_one_by_one_until_the_first_is_sent) {
    driven_session peer("digits:1,first=line");
    EXPECT_EQ(peer->send_times("a", 3).value_or(0), 3U);
    EXPECT_EQ(take_output(*peer), "a\n1a1a");
}

}  // namespace
}  // namespace framewire::framings_tests
