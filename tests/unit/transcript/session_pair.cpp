#include "session_pair.hpp"

#include "every_framing.hpp"

#include "framewire/transcript/replay.hpp"

#include <gtest/gtest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace framewire::session_pair_tests {
namespace {

using tests::echo;
using tests::session_pair;

// Every framing carries payloads of 16 bytes, and these contain no delimiter.
std::vector<std::string> payloads() {
    return {"0123456789ABCDEF", "GHIJKLMNOPQRSTUV", "WXYZ0123456789,:"};
}

TEST(session_pair, echoes_with_every_framing) {
    for (const auto spec : tests::every_framing) {
        for (const std::size_t read_bytes : {1U, 7U, 100'000U}) {
            session_pair pair(*framing::parse(spec), echo, read_bytes);
            for (const auto& payload : payloads()) ASSERT_TRUE(pair.client.state.send(payload));
            pair.exchange();
            EXPECT_EQ(pair.server.payloads, payloads()) << spec;
            EXPECT_EQ(pair.client.payloads, payloads()) << spec;
            EXPECT_EQ(pair.client.events, pair.server.events) << spec;
            EXPECT_TRUE(pair.client.state.at_rest() && pair.server.state.at_rest()) << spec;
        }
    }
}

TEST(session_pair, either_end_may_send_first) {
    for (const auto spec : tests::every_framing) {
        session_pair pair(
            *framing::parse(spec), [](session&, bytes) {}, 5);
        ASSERT_TRUE(pair.server.state.send(payloads()[0]));
        ASSERT_TRUE(pair.client.state.send(payloads()[1]));
        pair.exchange();
        EXPECT_EQ(pair.client.payloads, std::vector{payloads()[0]}) << spec;
        EXPECT_EQ(pair.server.payloads, std::vector{payloads()[1]}) << spec;
    }
}

TEST(session_pair, raw_echoes_reads) {
    session_pair pair(*framing::parse("raw"), echo, 4);
    ASSERT_TRUE(pair.client.state.send("Hello"));
    pair.exchange();
    EXPECT_EQ(pair.server.payloads, (std::vector<std::string>{"Hell", "o"}));
    EXPECT_EQ(pair.client.payloads, (std::vector<std::string>{"Hell", "o"}));
}

// An end that owes too much takes nothing until it owes less, and nothing is lost.
TEST(session_pair, keeps_order_while_an_end_does_not_read) {
    session_pair pair(*framing::parse("u8"), echo, 3, {.queued_bytes_max = 8});
    std::vector<std::string> sent;
    for (int i = 0; i < 100; ++i) {
        sent.push_back(std::string(static_cast<std::size_t>(i % 10), 'x') + std::to_string(i));
        ASSERT_TRUE(pair.client.state.send(sent.back()));
    }
    pair.exchange();
    EXPECT_EQ(pair.client.payloads, sent);
}

// Recorded conversations of servers that echo are what a pair says.
TEST(session_pair, plays_conversations_of_echo_servers) {
    for (const char* name : {"walkthrough", "echo_raw"}) {
        std::ifstream file(std::string(FRAMEWIRE_TRANSCRIPTS "/") + name + ".transcript");
        const auto written =
            transcript::parse(std::string(std::istreambuf_iterator<char>(file), {}));
        ASSERT_TRUE(written) << name;
        session_pair pair(written->framing, echo);
        player lines(*written, {.compares_output = true});
        const auto same = play(lines, pair);
        EXPECT_TRUE(same) << name << ": " << same.error().message();
        EXPECT_EQ(pair.client.payloads, pair.server.payloads) << name;
        EXPECT_FALSE(pair.client.payloads.empty()) << name;
    }
}

TEST(session_pair, notices_a_reply_that_is_not_the_recorded_one) {
    const auto written =
        transcript::parse("framing digits:2\n< \"02hi\"\n= frame \"hi\" at 0\n> \"02ho\"\n");
    ASSERT_TRUE(written);
    session_pair pair(written->framing, echo);
    player lines(*written, {.compares_output = true});
    const auto same = play(lines, pair);
    ASSERT_FALSE(same);
    EXPECT_EQ(same.error().message(),
              "line 4: expected '\"02ho\"', but the session sent '\"02hi\"'");
}

}  // namespace
}  // namespace framewire::session_pair_tests
