// Payloads whose size shows only on the way: put together, handed on, skipped or refused.

#include "framewire/session/session.hpp"

#include "driven_session.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

namespace framewire::delimited_tests {
namespace {

using tests::driven_session;
using tests::event_texts;

const limits five_bytes{.assembled_bytes_max = 5};

// What is said of the stream in all, with pieces joined: `frame`, `skipped`, an error's name.
event_texts all_of(const std::shared_ptr<const session_rules>& rules, delivery mode, bytes stream,
                   std::size_t cuts) {
    session peer(rules, mode, time_point{});
    event_texts all;
    std::string payload;
    std::size_t begin = 0;
    const auto drain = [&] {
        while (const auto said = peer.next()) {
            if (said->what == event::kind::frame) {
                payload += said->piece.payload;
                if (!said->piece.last) continue;
                all.push_back("frame " + payload);
            } else if (said->what == event::kind::skipped) {
                all.push_back("skipped " + std::to_string(said->piece.announced));
            } else if (said->what == event::kind::failed) {
                all.emplace_back(error_name(peer.failure()->code));
            } else {
                all.emplace_back("finished");
            }
            all.back() += " at " + std::to_string(said->offset);
            payload.clear();
        }
        peer.hold();
    };
    for (std::size_t end = 1; end <= stream.size() && !peer.over(); ++end) {
        if (end < stream.size() && (cuts >> (end - 1) & 1) == 0) continue;
        peer.receive(stream.substr(begin, end - begin));
        drain();
        begin = end;
    }
    peer.receive_eof();
    drain();
    return all;
}

void expect_every_cut(std::string_view spec, delivery mode, bytes stream,
                      const event_texts& expected) {
    const auto rules = std::make_shared<const session_rules>(*framing::parse(spec), five_bytes);
    for (std::size_t cuts = 0; cuts < std::size_t{1} << (stream.size() - 1); ++cuts) {
        ASSERT_EQ(all_of(rules, mode, stream, cuts), expected) << spec << " cut by " << cuts;
    }
}

TEST(delimited, payloads_are_put_together_up_to_the_limit) {
    driven_session peer("line", five_bytes);
    EXPECT_EQ(peer.receive("ab"), event_texts{});
    EXPECT_EQ(peer.receive("cd\r"), event_texts{});
    EXPECT_EQ(peer.receive("\nef\ng"), (event_texts{"frame abcd", "frame ef"}));
    EXPECT_EQ(peer.receive("hijk\r"), event_texts{});
    EXPECT_EQ(peer.receive("\n"), event_texts{"frame ghijk"});
    EXPECT_EQ(peer.receive("abcde"), event_texts{});
    EXPECT_EQ(peer.receive("f"), event_texts{"frame.too_large at 16"});
}

TEST(delimited, payloads_are_handed_on_from_where_they_outgrow_it) {
    driven_session peer("line", five_bytes, delivery::pieces);
    EXPECT_EQ(peer.receive("abcde"), event_texts{});
    EXPECT_EQ(peer.receive("f\r"), event_texts{"first abcdef"});
    EXPECT_EQ(peer.receive("g\r"), (event_texts{"piece \r", "piece g"}));
    EXPECT_EQ(peer.receive("\nab"), event_texts{"last "});
    EXPECT_EQ(peer.receive("c\n"), event_texts{"frame abc"});
    EXPECT_EQ(peer.receive("abcdefghijkl\n"), event_texts{"frame abcdefghijkl"});
}

TEST(delimited, what_was_put_together_is_forgotten_when_the_frame_is_skipped) {
    driven_session peer("line,max=4,oversize=skip", five_bytes);
    EXPECT_EQ(peer.receive("abc"), event_texts{});
    EXPECT_EQ(peer.receive("de"), event_texts{});
    EXPECT_EQ(peer.receive("fgh"), event_texts{});
    EXPECT_EQ(peer.receive("\r\nab"), event_texts{"skipped 8"});
    EXPECT_EQ(peer.receive("cd\n"), event_texts{"frame abcd"});
    EXPECT_EQ(peer.receive_eof(), event_texts{"finished"});
}

TEST(delimited, an_end_in_what_is_skipped_is_truncation) {
    driven_session peer("line,max=4,oversize=skip", five_bytes);
    EXPECT_EQ(peer.receive("abcdefgh"), event_texts{});
    EXPECT_EQ(peer.receive_eof(), event_texts{"frame.truncated at 8"});
}

TEST(delimited, skipping_is_the_same_however_the_stream_is_cut) {
    for (const auto mode : {delivery::whole, delivery::pieces}) {
        expect_every_cut(
            "line,max=4,oversize=skip", mode, "ab\nabcde\r\nabcd\n",
            {"frame ab at 0", "skipped 5 at 3", "frame abcd at 10", "finished at 15"});
        expect_every_cut("mllp,max=1,oversize=skip", mode,
                         "\x0B\r\r\x1C\r\x0B"
                         "a\x1C\r",
                         {"skipped 2 at 0", "frame a at 5", "finished at 9"});
        expect_every_cut("digits:1,count=chars,max=3,oversize=skip", mode,
                         "2\xC3\xA9\xC3\xA9"
                         "1a",
                         {"skipped 2 at 0", "frame a at 5", "finished at 7"});
    }
    expect_every_cut("line,max=9,oversize=skip", delivery::whole, "ab\nabcdef\nab\n",
                     {"frame ab at 0", "skipped 6 at 3", "frame ab at 10", "finished at 13"});
}

// Above what is put together, parts are given away before the size is known: nothing can take
// them back, so it closes, even if by chance nothing was given away yet.
TEST(delimited, what_may_have_been_handed_on_is_not_skipped_however_the_stream_is_cut) {
    expect_every_cut("line,max=6,oversize=skip", delivery::pieces, "ab\nabcdefghi\nab\n",
                     {"frame ab at 0", "frame.too_large at 3"});
    expect_every_cut("mllp,max=6,oversize=skip", delivery::pieces,
                     "\x0B"
                     "abcdefgh\x1C\r",
                     {"frame.too_large at 0"});
    expect_every_cut("digits:1,count=chars,max=6,oversize=skip", delivery::pieces,
                     "4\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
                     "1a",
                     {"frame.too_large at 0"});
    expect_every_cut("line,max=6,oversize=skip", delivery::pieces, "abcdef\nabcdef\r\n",
                     {"frame abcdef at 0", "frame abcdef at 7", "finished at 15"});
}

// A size that is announced is known before anything is given away.
TEST(delimited, what_announces_its_size_is_skipped_whatever_its_size) {
    for (const auto mode : {delivery::whole, delivery::pieces}) {
        expect_every_cut("netstring,max=6,oversize=skip", mode, "7:abcdefg,2:ab,",
                         {"skipped 7 at 0", "frame ab at 10", "finished at 15"});
        expect_every_cut("u8,trailer=1,max=6,oversize=skip", mode, "\7abcdefgt\2abt",
                         {"skipped 7 at 0", "frame ab at 9", "finished at 13"});
    }
}

TEST(delimited, a_wrong_trailer_is_a_fault_even_after_pieces) {
    driven_session peer("netstring", five_bytes, delivery::pieces);
    EXPECT_EQ(peer.receive("6:abc"), event_texts{"first abc"});
    EXPECT_EQ(peer.receive("def"), event_texts{"piece def"});
    EXPECT_EQ(peer.receive(";"), event_texts{"frame.syntax at 8"});
    driven_session whole("netstring", five_bytes);
    EXPECT_EQ(whole.receive("3:abc"), event_texts{});
    EXPECT_EQ(whole.receive(";"), event_texts{"frame.syntax at 5"});
}

TEST(delimited, frames_are_sent_in_pieces_without_a_length) {
    driven_session peer("mllp");
    ASSERT_TRUE(peer->begin(unknown_length));
    ASSERT_TRUE(peer->append("ab"));
    ASSERT_TRUE(peer->append("\r"));
    ASSERT_TRUE(peer->end());
    EXPECT_EQ(peer->output(),
              "\x0B"
              "ab\r\x1C\r");
}

TEST(delimited, a_piece_that_cannot_be_sent_queues_nothing) {
    driven_session peer("line");
    ASSERT_TRUE(peer->begin(unknown_length));
    ASSERT_TRUE(peer->append("ab\r"));
    EXPECT_EQ(peer->append("\n").error(), errc::frame_delimiter);
    EXPECT_EQ(peer->end().error(), errc::frame_delimiter);
    EXPECT_EQ(peer->output(), "ab\r");
    driven_session announced("netstring");
    EXPECT_EQ(announced->begin(unknown_length).error(), errc::frame_wrong_size);
    EXPECT_EQ(announced->output(), "");
    ASSERT_TRUE(announced->begin(3));
    EXPECT_EQ(announced->append("abcd").error(), errc::frame_wrong_size);
    ASSERT_TRUE(announced->append("ab"));
    EXPECT_EQ(announced->end().error(), errc::frame_wrong_size);
    EXPECT_EQ(announced->output(), "3:ab");
}

}  // namespace
}  // namespace framewire::delimited_tests
