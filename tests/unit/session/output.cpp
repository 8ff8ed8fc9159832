#include "framewire/session/session.hpp"

#include "driven_session.hpp"

#include <gtest/gtest.h>
#include <string>
#include <utility>

namespace framewire::output_tests {
namespace {

using tests::driven_session;

TEST(output, is_what_was_sent_in_frames) {
    driven_session peer("digits:2");
    EXPECT_EQ(peer->output(), "");
    ASSERT_TRUE(peer->send("hi"));
    ASSERT_TRUE(peer->send(""));
    ASSERT_TRUE(peer->send("Hello"));
    EXPECT_EQ(peer->output(),
              "02hi"
              "00"
              "05Hello");
}

TEST(output, may_be_a_length_and_nothing_else) {
    driven_session peer("hex:4,adjust=-4,idle=0-2");
    ASSERT_TRUE(peer->send_idle(2));
    ASSERT_TRUE(peer->send("hi"));
    EXPECT_EQ(peer->output(), "00020006hi");
    const auto refused = peer->send_idle(3);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), errc::frame_wrong_size);
    EXPECT_EQ(peer->output(), "00020006hi");
}

TEST(output, is_taken_byte_by_byte) {
    driven_session peer("digits:2");
    ASSERT_TRUE(peer->send("Hello"));
    std::string written;
    while (!peer->output().empty()) {
        written += peer->output().front();
        peer->sent(1);
    }
    EXPECT_EQ(written, "05Hello");
    ASSERT_TRUE(peer->send("hi"));
    EXPECT_EQ(peer->output(), "02hi");
}

TEST(output, grows_behind_what_was_taken_in_part) {
    driven_session peer("digits:2");
    ASSERT_TRUE(peer->send("Hello"));
    peer->sent(4);
    ASSERT_TRUE(peer->send("hi"));
    EXPECT_EQ(peer->output(), "llo02hi");
    peer->sent(0);
    EXPECT_EQ(peer->output(), "llo02hi");
}

TEST(output, takes_a_frame_in_pieces) {
    driven_session peer("digits:2,count=chars");
    ASSERT_TRUE(peer->begin(3));
    peer->append("\xC3");
    EXPECT_EQ(peer->output(), "03\xC3");
    peer->sent(3);
    peer->append("\xA9");
    peer->append("");
    peer->append("ab");
    peer->end();
    EXPECT_EQ(peer->output(),
              "\xA9"
              "ab");
}

TEST(output, keeps_nothing_of_what_cannot_be_framed) {
    driven_session peer("fixed:4");
    ASSERT_TRUE(peer->send("abcd"));
    EXPECT_EQ(peer->send("abc").error(), errc::frame_wrong_size);
    EXPECT_EQ(peer->begin(5).error(), errc::frame_wrong_size);
    EXPECT_EQ(peer->output(), "abcd");
    driven_session text("digits:2,count=chars");
    EXPECT_EQ(text->send("\xFF").error(), errc::frame_utf8);
    EXPECT_EQ(text->output(), "");
}

TEST(output, can_be_dropped) {
    driven_session peer("digits:2");
    ASSERT_TRUE(peer->send("Hello"));
    peer->sent(2);
    peer->drop_output();
    EXPECT_EQ(peer->output(), "");
    EXPECT_TRUE(peer->at_rest());
    ASSERT_TRUE(peer->send("hi"));
    EXPECT_EQ(peer->output(), "02hi");
}

TEST(output, goes_into_the_shared_buffer_until_it_is_held) {
    std::string shared;
    shared.reserve(1000);
    const auto* place = shared.data();
    driven_session peer("digits:2", {}, delivery::whole, &shared);
    for (int cycle = 0; cycle < 2; ++cycle) {
        ASSERT_TRUE(peer->send("hi"));
        EXPECT_EQ(peer->output().data(), place);
        peer->sent(4);
        peer->hold();
        EXPECT_EQ(shared.data(), place);
        EXPECT_TRUE(shared.empty());
    }
}

TEST(output, that_was_not_written_keeps_the_shared_buffer) {
    std::string shared;
    shared.reserve(1000);
    const auto* place = shared.data();
    driven_session peer("digits:2", {}, delivery::whole, &shared);
    driven_session other("digits:2", {}, delivery::whole, &shared);
    ASSERT_TRUE(peer->send("hi"));
    peer->sent(1);
    peer->hold();
    ASSERT_TRUE(other->send("ho"));
    EXPECT_EQ(peer->output(), "2hi");
    EXPECT_EQ(peer->output().data(), place + 1);
    EXPECT_EQ(other->output(), "02ho");
    ASSERT_TRUE(peer->send("hu"));
    EXPECT_EQ(peer->output(), "2hi02hu");
    peer->sent(7);
    peer->hold();
    EXPECT_EQ(peer->output(), "");
    EXPECT_EQ(other->output(), "02ho");
}

TEST(output, of_one_huge_reply_is_no_buffer_for_the_next) {
    std::string shared;
    driven_session peer("u32be", {}, delivery::whole, &shared);
    for (const auto& [size, capacity_max] : {std::pair(100'000U, 200'000U), {2'000'000U, 100U}}) {
        ASSERT_TRUE(peer->send(std::string(size, 'x')));
        peer->sent(peer->output().size());
        peer->hold();
        EXPECT_LE(shared.capacity(), capacity_max);
        EXPECT_EQ(shared.capacity() >= size, size == 100'000U);
    }
}

}  // namespace
}  // namespace framewire::output_tests
