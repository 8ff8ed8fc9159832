#include "framewire/session/session.hpp"

#include "driven_session.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace framewire::pieces_tests {
namespace {

using tests::driven_session;
using tests::event_texts;

const limits five_bytes{.assembled_bytes_max = 5};

TEST(pieces, up_to_the_limit_a_payload_comes_whole) {
    driven_session peer("digits:2", five_bytes, delivery::pieces);
    EXPECT_EQ(peer.receive("05He"), event_texts{});
    EXPECT_EQ(peer.receive("llo"), event_texts{"frame Hello"});
}

TEST(pieces, above_it_as_it_arrives) {
    driven_session peer("digits:2", five_bytes, delivery::pieces);
    EXPECT_EQ(peer.receive("06ab"), event_texts{"first ab"});
    EXPECT_EQ(peer.receive("c"), event_texts{"piece c"});
    EXPECT_EQ(peer.receive("def02hi"), (event_texts{"last def", "frame hi"}));
}

TEST(pieces, the_header_alone_says_nothing) {
    driven_session peer("digits:2", five_bytes, delivery::pieces);
    EXPECT_EQ(peer.receive("06"), event_texts{});
    EXPECT_EQ(peer.receive("abcdef"), event_texts{"frame abcdef"});
}

TEST(pieces, announce_the_whole_length_in_each) {
    driven_session peer("digits:2", five_bytes, delivery::pieces);
    for (const char* input : {"09abc", "def", "ghi"}) {
        peer->receive(input);
        const auto said = peer->next();
        ASSERT_TRUE(said);
        EXPECT_EQ(said->piece.announced, 9U);
        EXPECT_EQ(said->offset, 0U);
        EXPECT_FALSE(peer->next());
        peer->hold();
    }
}

TEST(pieces, are_refused_to_those_who_want_it_whole_before_a_byte_is_read) {
    driven_session peer("digits:2", five_bytes, delivery::whole);
    EXPECT_EQ(peer.receive("05Hello0"), event_texts{"frame Hello"});
    EXPECT_EQ(peer.receive("6"), event_texts{"frame.too_large at 7"});
    EXPECT_EQ(peer.words(), "\"06\" announces more than the 5 bytes allowed");
}

TEST(pieces, are_refused_above_the_framings_own_max_in_both_modes) {
    for (const auto mode : {delivery::whole, delivery::pieces}) {
        driven_session peer("digits:2,max=8", five_bytes, mode);
        EXPECT_EQ(peer.receive("09abc"), event_texts{"frame.too_large at 0"});
    }
    driven_session peer("digits:2,max=8", five_bytes, delivery::pieces);
    EXPECT_EQ(peer.receive("08abc"), event_texts{"first abc"});
}

TEST(pieces, a_character_may_be_split_between_two) {
    driven_session peer("digits:2,count=chars", {.assembled_bytes_max = 2}, delivery::pieces);
    EXPECT_EQ(peer.receive("03a\xC3"), event_texts{"first a\xC3"});
    EXPECT_EQ(peer.receive("\xA9\xE2"), event_texts{"piece \xA9\xE2"});
    EXPECT_EQ(peer.receive("\x82"), event_texts{"piece \x82"});
    EXPECT_EQ(peer.receive("\xAC"
                           "02"),
              event_texts{"last \xAC"});
    EXPECT_EQ(peer.receive("hi"), event_texts{"frame hi"});
}

// Few characters can be many bytes: what was meant to be assembled is handed on once it outgrows
// the limit.
TEST(pieces, characters_that_outgrow_the_limit_are_handed_on_from_there) {
    driven_session peer("digits:2,count=chars", {.assembled_bytes_max = 4}, delivery::pieces);
    EXPECT_EQ(peer.receive("04\xC3\xA9"), event_texts{});
    EXPECT_EQ(peer.receive("\xC3\xA9"), event_texts{});
    EXPECT_EQ(peer.receive("\xC3"), event_texts{"first \xC3\xA9\xC3\xA9\xC3"});
    EXPECT_EQ(peer.receive("\xA9"), event_texts{"piece \xA9"});
    EXPECT_EQ(peer.receive("\xC3\xA9"), event_texts{"last \xC3\xA9"});
    EXPECT_EQ(peer.receive("02hi"), event_texts{"frame hi"});
}

TEST(pieces, characters_that_outgrow_the_limit_with_their_last_byte_come_whole) {
    driven_session peer("digits:2,count=chars", {.assembled_bytes_max = 4}, delivery::pieces);
    EXPECT_EQ(peer.receive("03\xC3\xA9\xC3\xA9"), event_texts{});
    EXPECT_EQ(peer.receive("\xC3\xA9"
                           "01a"),
              (event_texts{"frame \xC3\xA9\xC3\xA9\xC3\xA9", "frame a"}));
}

TEST(pieces, characters_that_outgrow_the_limit_are_refused_to_those_who_want_it_whole) {
    driven_session peer("digits:2,count=chars", {.assembled_bytes_max = 4}, delivery::whole);
    EXPECT_EQ(peer.receive("03\xC3\xA9\xC3\xA9"), event_texts{});
    EXPECT_EQ(peer.receive("\xC3\xA9"), event_texts{"frame.too_large at 0"});
    EXPECT_EQ(peer.words(), "3 characters are more than 4 bytes");
}

TEST(pieces, a_fault_in_a_later_piece_ends_it) {
    driven_session peer("digits:2,count=chars", {.assembled_bytes_max = 1}, delivery::pieces);
    EXPECT_EQ(peer.receive("05ab"), event_texts{"first ab"});
    EXPECT_EQ(peer.receive("c\xFF"), event_texts{"frame.utf8 at 5"});
}

TEST(pieces, an_end_in_a_later_piece_is_truncation) {
    driven_session peer("digits:2", five_bytes, delivery::pieces);
    EXPECT_EQ(peer.receive("09abc"), event_texts{"first abc"});
    EXPECT_EQ(peer.receive_eof(), event_texts{"frame.truncated at 5"});
}

TEST(pieces, every_cut_gives_the_same_bytes_and_one_first_and_one_last) {
    const std::string stream =
        "07abcdefg"
        "03xyz"
        "06\xC3\xA9\xC3\xA9rs";
    for (std::size_t cuts = 0; cuts < std::size_t{1} << 14; cuts += 7) {
        driven_session peer("digits:2", five_bytes, delivery::pieces);
        std::string payloads;
        int first = 0;
        int last = 0;
        std::size_t begin = 0;
        for (std::size_t end = 1; end <= stream.size(); ++end) {
            if (end < stream.size() && (cuts >> (end - 1) & 1) == 0) continue;
            peer->receive(bytes(stream).substr(begin, end - begin));
            while (const auto said = peer->next()) {
                ASSERT_EQ(said->what, event::kind::frame);
                payloads += said->piece.payload;
                ASSERT_EQ(said->piece.first, first == last);
                first += said->piece.first ? 1 : 0;
                last += said->piece.last ? 1 : 0;
            }
            peer->hold();
            begin = end;
        }
        ASSERT_EQ(payloads, "abcdefgxyz\xC3\xA9\xC3\xA9rs");
        ASSERT_EQ(first, 3);
        ASSERT_EQ(last, 3);
    }
}

}  // namespace
}  // namespace framewire::pieces_tests
