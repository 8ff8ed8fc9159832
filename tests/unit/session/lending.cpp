#include "answering.hpp"
#include "driven_session.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace framewire::lending_tests {
namespace {

using namespace std::chrono_literals;
using tests::answer_all;
using tests::driven_session;

// Which payloads of the input could be lent.
std::vector<bool> lend_all(session& peer, bytes input) {
    std::vector<bool> lent;
    answer_all(peer, input, [&](bytes payload) { lent.push_back(peer.lend(payload)); });
    return lent;
}

using outcomes = std::vector<bool>;

TEST(lending, queues_the_frame_where_it_lies) {
    driven_session peer("digits:2");
    const std::string buffer = "02hi";
    EXPECT_EQ(lend_all(*peer, buffer), outcomes{true});
    EXPECT_EQ(peer->output(), "02hi");
    EXPECT_EQ(peer->output().data(), buffer.data());
}

TEST(lending, makes_one_output_of_frames_in_a_row) {
    driven_session peer("digits:2");
    const std::string buffer = "02hi0003abc";
    EXPECT_EQ(lend_all(*peer, buffer), (outcomes{true, true, true}));
    EXPECT_EQ(peer->output(), buffer);
    EXPECT_EQ(peer->output().data(), buffer.data());
}

TEST(lending, ends_at_a_frame_that_is_left_out) {
    driven_session peer("digits:2");
    outcomes lent;
    answer_all(*peer, "02hi02no02ho", [&](bytes payload) {
        if (payload != "no") lent.push_back(peer->lend(payload));
    });
    EXPECT_EQ(lent, (outcomes{true, false}));
    EXPECT_EQ(peer->output(), "02hi");
}

TEST(lending, begins_behind_frames_that_are_left_out) {
    driven_session peer("digits:2");
    const std::string buffer = "02no02hi02ho";
    answer_all(*peer, buffer, [&](bytes payload) {
        if (payload == "no") return;
        EXPECT_TRUE(peer->lend(payload));
    });
    EXPECT_EQ(peer->output().data(), buffer.data() + 4);
    EXPECT_EQ(peer->output(), "02hi02ho");
}

TEST(lending, is_done_once_for_each_payload) {
    driven_session peer("digits:2");
    answer_all(*peer, "02hi", [&](bytes payload) {
        EXPECT_TRUE(peer->lend(payload));
        EXPECT_FALSE(peer->lend(payload));
        ASSERT_TRUE(peer->send(payload));
    });
    EXPECT_EQ(peer->output(), "02hi02hi");
}

TEST(lending, refuses_parts_of_the_payload) {
    driven_session peer("digits:2");
    answer_all(*peer, "05Hello", [&](bytes payload) {
        EXPECT_FALSE(peer->lend(payload.substr(0, 4)));
        EXPECT_FALSE(peer->lend(payload.substr(1)));
        EXPECT_FALSE(peer->lend(payload.substr(0, 0)));
    });
    EXPECT_EQ(peer->output(), "");
}

TEST(lending, refuses_the_same_bytes_elsewhere) {
    driven_session peer("digits:2");
    answer_all(*peer, "02hi00", [&](bytes payload) {
        const std::string copy(payload);
        EXPECT_FALSE(peer->lend(copy));
    });
    EXPECT_FALSE(peer->lend({}));
    EXPECT_EQ(peer->output(), "");
}

TEST(lending, refuses_the_payload_of_an_earlier_frame) {
    driven_session peer("digits:2");
    bytes first;
    answer_all(*peer, "02hi02ho", [&](bytes payload) {
        if (first.empty()) first = payload;
        EXPECT_EQ(peer->lend(first), payload == "hi");
    });
    EXPECT_EQ(peer->output(), "02hi");
}

TEST(lending, refuses_before_and_behind_the_deliveries) {
    driven_session peer("digits:2");
    const std::string buffer = "02hi";
    EXPECT_FALSE(peer->lend(bytes(buffer).substr(2)));
    bytes kept;
    answer_all(*peer, buffer, [&](bytes payload) { kept = payload; });
    peer->hold();
    EXPECT_FALSE(peer->lend(kept));
    peer->receive(buffer);
    EXPECT_FALSE(peer->lend(kept));
}

TEST(lending, refuses_frames_that_came_in_two_reads) {
    for (const std::size_t cut : {1U, 2U, 4U, 6U}) {
        driven_session peer("digits:2");
        const std::string buffer = "05Hello02hi";
        EXPECT_EQ(lend_all(*peer, bytes(buffer).substr(0, cut)), outcomes{});
        peer->hold();
        // The second frame is whole again.
        EXPECT_EQ(lend_all(*peer, bytes(buffer).substr(cut)), (outcomes{false, true})) << cut;
        EXPECT_EQ(peer->output(), "02hi") << cut;
    }
}

TEST(lending, refuses_what_lies_where_a_lent_payload_lay) {
    driven_session peer("digits:2");
    std::string buffer = "02hi";
    EXPECT_EQ(lend_all(*peer, buffer), outcomes{true});
    peer->hold();
    EXPECT_EQ(peer->output(), "02hi");
    buffer = "02ho";
    EXPECT_EQ(lend_all(*peer, buffer), outcomes{false});
    EXPECT_EQ(peer->output(), "02hi");
}

TEST(lending, does_not_continue_what_was_written_before_something_else) {
    driven_session peer("digits:2");
    const bytes buffer = "02hi02ho";
    EXPECT_EQ(lend_all(*peer, buffer.substr(0, 4)), outcomes{true});
    peer->sent(4);
    peer->hold();
    ASSERT_TRUE(peer->send("x"));
    EXPECT_EQ(lend_all(*peer, buffer.substr(4)), outcomes{false});
    EXPECT_EQ(peer->output(), "01x");
}

TEST(lending, refuses_input_that_was_held_back) {
    driven_session peer("digits:2", {.queued_bytes_max = 4});
    EXPECT_EQ(lend_all(*peer, "02hi02ho02hu"), outcomes{true});
    peer->hold();
    peer->sent(4);
    outcomes lent;
    answer_all(*peer, [&](bytes payload) {
        lent.push_back(peer->lend(payload));
        ASSERT_TRUE(peer->send(payload));
    });
    EXPECT_EQ(lent, outcomes{false});
    EXPECT_EQ(peer->output(), "02ho");
}

TEST(lending, refuses_pieces) {
    driven_session peer("digits:2", {.assembled_bytes_max = 3}, delivery::pieces);
    EXPECT_EQ(lend_all(*peer, "05Hel"), outcomes{false});
    EXPECT_EQ(lend_all(*peer, "lo02hi"), (outcomes{false, true}));
}

TEST(lending, refuses_framings_that_write_one_payload_in_several_ways) {
    using frame = std::pair<const char*, bytes>;
    for (const auto& [spec, stream] :
         {frame("line", "hi\r\n"), frame("u8,trailer=1", "\2hi!"), frame("u8,offset=1", "!\2hi"),
          frame("lsp", "content-length: 2\r\n\r\nhi")}) {
        driven_session peer(spec);
        EXPECT_EQ(lend_all(*peer, stream), outcomes{false}) << spec;
    }
    for (const auto& [spec, stream] :
         {frame("line", "hi\n"), frame("u8", "\2hi"), frame("u8,magic=!", "!\2hi"),
          frame("u8,adjust=-1", "\3hi"), frame("netstring", "2:hi,"),
          frame("digits:2,pad=space,count=chars", "1 \xC3\xA9"), frame("mllp", "\x0Bhi\x1C\r"),
          frame("fixed:2", "hi"), frame("raw", "hi")}) {
        driven_session peer(spec);
        EXPECT_EQ(lend_all(*peer, stream), outcomes{true}) << spec;
        EXPECT_EQ(peer->output(), stream);
    }
}

TEST(lending, is_followed_by_what_is_sent) {
    driven_session peer("digits:2");
    const std::string buffer = "02hi02ho";
    outcomes lent;
    answer_all(*peer, buffer, [&](bytes payload) {
        lent.push_back(peer->lend(payload));
        if (payload == "ho") return;
        ASSERT_TRUE(peer->send("and"));
    });
    EXPECT_EQ(lent, (outcomes{true, false}));
    EXPECT_EQ(peer->output(), "02hi03and");
}

TEST(lending, is_followed_by_a_frame_in_pieces) {
    driven_session peer("digits:2");
    EXPECT_EQ(lend_all(*peer, "02hi"), outcomes{true});
    ASSERT_TRUE(peer->begin(3));
    ASSERT_TRUE(peer->append("abc"));
    ASSERT_TRUE(peer->end());
    EXPECT_EQ(peer->output(), "02hi03abc");
}

TEST(lending, is_undone_by_nothing_that_cannot_be_framed) {
    driven_session peer("fixed:2");
    EXPECT_EQ(lend_all(*peer, "hiho"), (outcomes{true, true}));
    EXPECT_EQ(peer->send("no!").error(), errc::frame_wrong_size);
    EXPECT_EQ(peer->output(), "hiho");
}

}  // namespace
}  // namespace framewire::lending_tests
