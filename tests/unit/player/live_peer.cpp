#include "player/live_peer.hpp"

#include "framewire/transcript/transcript.hpp"
#include "raw_peer.hpp"
#include "running_server.hpp"
#include "tls_ends.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace framewire {

void PrintTo(const arrival& one, std::ostream* out) {
    *out << static_cast<int>(one.what) << " \"" << one.payload << "\" at " << one.offset << ' '
         << (one.what == arrival::kind::failed ? one.error.message() : "");
}

}  // namespace framewire

namespace framewire::tests::live_peer_tests {
namespace {

using namespace std::chrono_literals;
using what = arrival::kind;

framing frames(std::string_view spec = "digits:10") { return unwrap(framing::parse(spec)); }

// Waits much longer than anything takes, unless the test is about silence.
live_peer connect(const endpoint& to, std::string_view spec = "digits:10",
                  live_settings settings = {.timeout = test_timeout}) {
    return unwrap(
        live_peer::connect(unwrap(address::parse(to.text())), frames(spec), std::move(settings)));
}

arrival frame(std::string payload, std::uint64_t offset) {
    return {.what = what::frame, .payload = std::move(payload), .offset = offset};
}

std::vector<arrival> all_of(live_peer& peer) {
    std::vector<arrival> all;
    while (auto one = peer.next()) all.push_back(*std::move(one));
    return all;
}

using arrivals = std::vector<arrival>;

TEST(live_peer, reports_frames_and_the_end_with_their_offsets) {
    const running_server server;
    auto peer = connect(server.local());
    ASSERT_TRUE(peer.send(digits_frame("Hello") + digits_frame("")));
    ASSERT_TRUE(peer.end_stream());
    EXPECT_EQ(all_of(peer), (arrivals{frame("Hello", 0), frame("", 15), {.offset = 25}}));
    EXPECT_TRUE(peer.has_ended());
    EXPECT_FALSE(peer.was_reset());
    EXPECT_EQ(peer.bytes_sent(), 25U);
    EXPECT_EQ(peer.bytes_received(), 25U);
}

TEST(live_peer, says_where_a_frame_ends_and_changes_its_framing) {
    raw_peer other([&](raw_socket& one) {
        one.send(digits_frame("Hello"));
        if (!one.receive_some().empty()) one.send("abcd");
    });
    auto peer = connect(other.local());
    const auto first = peer.next();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->end, 15U);
    peer.use(frames("fixed:2"));
    ASSERT_TRUE(peer.send("!"));
    for (const auto* const payload : {"ab", "cd"}) {
        const auto one = peer.next();
        ASSERT_TRUE(one);
        EXPECT_EQ(one->payload, payload);
        EXPECT_EQ(one->end, one->offset + 2);
    }
}

TEST(live_peer, changes_its_framing_before_what_has_arrived_with_the_last_frame) {
    raw_peer other([&](raw_socket& one) {
        one.send(digits_frame("Hello") + "abcd0000000002Hi");
        one.send(one.receive_some());
    });
    auto peer = connect(other.local());
    const auto first = peer.next();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->payload, "Hello");
    peer.use(frames("fixed:4"));
    auto moved = std::move(peer);  // what is not decoded yet moves with it
    EXPECT_EQ(moved.next(), frame("abcd", 15));
    moved.use(frames());
    EXPECT_EQ(moved.next(), frame("Hi", 19));
    ASSERT_TRUE(moved.send("0000000001!"));
    EXPECT_EQ(moved.next(), frame("!", 31));
}

TEST(live_peer, sends_the_pieces_it_is_told) {
    std::vector<std::string> reads;
    raw_peer other([&](raw_socket& one) {
        for (auto part = one.receive_some(); !part.empty(); part = one.receive_some()) {
            reads.push_back(part);
            one.send("!");
        }
    });
    auto peer = connect(other.local(), "fixed:1");
    // Each piece is read before the next is sent: the reply to it has come.
    for (const std::string_view piece : {"ab", "c", "def"}) {
        ASSERT_TRUE(peer.send(piece));
        ASSERT_TRUE(peer.next());
    }
    ASSERT_TRUE(peer.send("123456", {2, 5}, 200ms));
    ASSERT_TRUE(peer.end_stream());
    other.finish();
    EXPECT_EQ(reads, (std::vector<std::string>{"ab", "c", "def", "12", "345", "6"}));
}

TEST(live_peer, reads_while_the_other_end_takes_nothing_before_it_is_read) {
    raw_peer other(echo_everything);
    auto peer = connect(other.local(), "u32be");
    const std::string large(8 << 20, 'x');
    std::string stream;
    ASSERT_TRUE(frames("u32be").encode(large, stream));
    ASSERT_TRUE(peer.send(stream));
    const auto reply = peer.next();
    ASSERT_TRUE(reply);
    EXPECT_TRUE(reply->payload == large);
}

TEST(live_peer, sends_without_reading_until_nothing_is_taken) {
    raw_peer other(echo_everything);
    auto peer = connect(other.local(), "raw");
    const std::string large(64 << 20, 'x');
    const auto taken = peer.send_unread(large, 50ms);
    ASSERT_TRUE(taken);
    EXPECT_GT(*taken, 0U);
    EXPECT_LT(*taken, large.size());
    EXPECT_EQ(peer.bytes_received(), 0U);
    peer.reset();
}

TEST(live_peer, reports_silence) {
    raw_peer other([](raw_socket& one) { (void)one.receive_to_end(); });
    auto peer = connect(other.local(), "line", {.timeout = 20ms});
    EXPECT_FALSE(peer.next());
    EXPECT_FALSE(peer.ends());
    EXPECT_FALSE(peer.has_ended());
    EXPECT_FALSE(peer.is_inside_frame());
}

TEST(live_peer, knows_whether_a_frame_is_complete) {
    gate rest;
    raw_peer other([&](raw_socket& one) {
        one.send("000000");
        rest.pass();
        one.send("0002Hi");
        (void)one.receive_to_end();
    });
    auto peer = connect(other.local(), "digits:10", {.timeout = 100ms});
    EXPECT_FALSE(peer.next());
    EXPECT_TRUE(peer.is_inside_frame());
    rest.open();
    EXPECT_EQ(peer.next(test_timeout), frame("Hi", 0));
    EXPECT_FALSE(peer.is_inside_frame());
}

TEST(live_peer, reports_the_first_wrong_byte_and_the_end_after_it) {
    raw_peer other([](raw_socket& one) { one.send("0000000002Hi+5"); });
    auto peer = connect(other.local());
    EXPECT_EQ(peer.next(), frame("Hi", 0));
    const auto failed = peer.next();
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->error.code, errc::frame_length_syntax);
    EXPECT_EQ(failed->offset, 12U);
    EXPECT_TRUE(peer.ends());
}

TEST(live_peer, reports_a_truncated_frame) {
    raw_peer other([](raw_socket& one) { one.send("0000000005He"); });
    auto peer = connect(other.local());
    const auto failed = peer.next();
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->error.code, errc::frame_truncated);
    EXPECT_EQ(failed->offset, 12U);
}

TEST(live_peer, reports_a_reset_after_what_came_before_it) {
    raw_peer other([](raw_socket& one) {
        (void)one.receive(1);
        one.send("0000000002Hi");
        one.reset();
    });
    auto peer = connect(other.local());
    ASSERT_TRUE(peer.send("x"));
    EXPECT_EQ(peer.next(), frame("Hi", 0));
    const auto failed = peer.next();
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->error.code, errc::io_reset);
    EXPECT_TRUE(peer.was_reset());
}

TEST(live_peer, cannot_send_to_a_peer_that_has_left) {
    raw_peer other([](raw_socket& one) { one.reset(); });
    auto peer = connect(other.local());
    other.finish();
    EXPECT_TRUE(peer.ends());
    const auto sent = peer.send("x");
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, errc::io_reset);
}

TEST(live_peer, resets) {
    auto how = ending::silence;
    raw_peer other([&](raw_socket& one) { how = one.receive_to_end().how; });
    auto peer = connect(other.local());
    ASSERT_TRUE(peer.send("00000"));
    peer.reset();
    other.finish();
    EXPECT_EQ(how, ending::reset);
}

TEST(live_peer, refuses_larger_payloads_than_it_is_told) {
    const running_server server;
    auto peer =
        connect(server.local(), "digits:10", {.timeout = test_timeout, .payload_bytes_max = 4});
    ASSERT_TRUE(peer.send(digits_frame("Hello")));
    const auto failed = peer.next();
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->error.code, errc::frame_too_large);
}

TEST(live_peer, decodes_what_arrives_in_the_framing_of_replies) {
    raw_peer other([](raw_socket& one) { one.send("Hi\n"); });
    auto peer = connect(other.local(), "digits:10,reply=line");
    EXPECT_EQ(peer.next(), frame("Hi", 0));
}

TEST(live_peer, connects_over_tls) {
    test_ca ca;
    server_settings settings;
    settings.tls = tls_server_settings{.certificates = {ca.issue({.names = {"IP:127.0.0.1"}})}};
    const running_server server(settings);
    live_settings ours{
        .make_transport = unwrap(tls_client_transports({.ca_file = ca.file()}, "127.0.0.1")),
        .timeout = test_timeout};
    auto peer = connect(server.local(), "digits:10", ours);
    ASSERT_TRUE(peer.send(digits_frame("Hello")));
    EXPECT_EQ(peer.next(), frame("Hello", 0));
    const std::string large(1 << 20, 'x');
    ASSERT_TRUE(peer.send(digits_frame(large)));
    const auto reply = peer.next();
    ASSERT_TRUE(reply);
    EXPECT_TRUE(reply->payload == large) << reply->error.message();
    const auto unread = digits_frame("Hello") + digits_frame(large);
    const auto taken = peer.send_unread(unread, 50ms);
    ASSERT_TRUE(taken);
    ASSERT_TRUE(peer.send(bytes(unread).substr(*taken)));
    EXPECT_EQ(peer.next()->payload, "Hello");
    EXPECT_TRUE(peer.next()->payload == large);
    ASSERT_TRUE(peer.end_stream());
    EXPECT_EQ(peer.next()->what, what::finished);
}

TEST(live_peer, cannot_connect_without_a_server) {
    const auto refused = live_peer::connect(unwrap(address::parse("127.0.0.1:1")), frames());
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message().find("127.0.0.1:1"), std::string::npos);
}

// The outcome of playing the conversation to an echo server.
std::string outcome_of(std::string_view conversation, live_settings settings = {}) {
    const running_server server;
    const auto parsed = unwrap(transcript::parse(conversation));
    auto peer = connect(server.local(), parsed.framing.spec(), std::move(settings));
    player script(parsed, {.compares_events = false, .compares_output = true});
    const auto played = play(script, peer);
    return played ? "" : played.error().message();
}

TEST(live_peer, plays_a_transcript) {
    EXPECT_EQ(outcome_of("framing digits:10\n"
                         "< \"0000000005He\"\n"
                         "< \"llo\"\n"
                         "= frame \"Hello\" at 0\n"
                         "> \"0000000005Hello\"\n"
                         "@ 1h\n"
                         "< \"0000000002Hi\"\n"
                         "> \"0000000002Hi\"\n"
                         "< eof\n",
                         {.timeout = test_timeout, .speed = 0}),
              "");
}

TEST(live_peer, compares_what_arrives_with_a_transcript) {
    EXPECT_EQ(outcome_of("framing digits:10\n"
                         "< \"0000000005Hello\"\n"
                         "> \"0000000005HELLO\"\n",
                         {.timeout = test_timeout}),
              "line 3: expected '\"0000000005HELLO\"', but the session sent "
              "'\"0000000005Hello\"'");
    EXPECT_EQ(outcome_of("framing digits:10\n"
                         "< \"0000000005Hell\"\n"
                         "> \"0000000005Hello\"\n",
                         {.timeout = 20ms}),
              "line 3: expected '\"0000000005Hello\"', but the session sent 'nothing'");
}

TEST(live_peer, cannot_send_missing_bytes) {
    EXPECT_NE(outcome_of("framing digits:10\n< gap 5\n").find("missing"), std::string::npos);
}

}  // namespace
}  // namespace framewire::tests::live_peer_tests
