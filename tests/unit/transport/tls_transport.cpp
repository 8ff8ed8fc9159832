#include "tls_ends.hpp"
#include "transport/transport_output.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::tls_transport_tests {
namespace {

using namespace framewire::tests;

const std::string no_failure;

// One world for all that only read it.
const tls_world& plain_world() {
    static const tls_world one;
    return one;
}

TEST(tls_transport, carries_a_conversation_both_ways) {
    auto both = plain_world().ends();
    EXPECT_FALSE(both.client.line->established());
    both.exchange();
    ASSERT_TRUE(both.client.line->established()) << both.client.failure << both.server.failure;
    ASSERT_TRUE(both.server.line->established());
    both.client.send("Hello");
    both.server.send("Good day");
    both.exchange();
    EXPECT_EQ(both.server.stream, "Hello");
    EXPECT_EQ(both.client.stream, "Good day");
    EXPECT_EQ(both.client.wire.find("Hello"), std::string::npos) << "nobody can read it";
    both.client.line->close();
    both.exchange();
    EXPECT_TRUE(both.server.line->peer_finished());
    both.server.receive_eof();
    EXPECT_EQ(both.server.failure, no_failure);
    both.server.send("Farewell");
    both.server.line->close();
    both.exchange();
    EXPECT_EQ(both.client.stream, "Good dayFarewell") << "one direction lasts longer";
    EXPECT_TRUE(both.client.line->peer_finished());
}

TEST(tls_transport, knows_the_peer_once_established) {
    const auto both = plain_world().talking();
    const auto& client = both.server.line->identity().tls;
    const auto& server = both.client.line->identity().tls;
    ASSERT_TRUE(client && server);
    EXPECT_EQ(*client, (tls_peer{.server_name = "localhost",
                                 .version = "TLSv1.3",
                                 .cipher = "TLS_AES_128_GCM_SHA256"}));
    EXPECT_EQ(server->subject, "CN=server");
}

TEST(tls_transport, the_split_does_not_matter) {
    for (const std::size_t size : {1U, 2U, 3U, 7U, 100U}) {
        auto both = plain_world().ends();
        both.exchange(size);
        ASSERT_TRUE(both.server.line->established()) << size << both.server.failure;
        both.client.send("Hello");
        both.exchange(size);
        EXPECT_EQ(both.server.stream, "Hello");
    }
}

// The client's side of a whole conversation, in two parts at every position. The server's part
// depends on it, so each has a server of its own that answers a client of its own.
TEST(tls_transport, a_handshake_may_be_split_at_every_byte) {
    const auto hello = plain_world().ends().client.take_output();
    for (std::size_t at = 1; at < hello.size(); ++at) {
        auto both = plain_world().ends();
        const auto there = both.client.take_output();
        const auto cut = std::min(at, there.size() - 1);
        both.server.receive(bytes(there).substr(0, cut));
        ASSERT_EQ(both.server.take_output(), "") << "split at " << at;
        both.server.receive(bytes(there).substr(cut));
        const auto back = both.server.take_output();
        const auto cut_back = std::min(at, back.size() - 1);
        both.client.receive(bytes(back).substr(0, cut_back));
        both.client.receive(bytes(back).substr(cut_back));
        both.exchange();
        ASSERT_TRUE(both.server.line->established()) << "split at " << at << both.server.failure;
    }
}

TEST(tls_transport, many_replies_are_one_record) {
    auto both = plain_world().talking();
    const std::string replies(16'000, 'x');
    both.server.send(replies);
    const auto wire = both.server.take_output();
    EXPECT_EQ(wire.size(), replies.size() + 22) << "a header of 5, a type of 1, a tag of 16";
    both.client.receive(wire);
    EXPECT_EQ(both.client.stream, replies);
}

TEST(tls_transport, large_data_passes_in_pieces_of_any_size) {
    std::string large;
    while (large.size() < 300'000) large += "0123456789";
    for (const std::size_t size : {1U, 1000U, 16'384U, 70'000U, 400'000U}) {
        auto both = plain_world().talking();
        both.client.send(large);
        both.exchange(size);
        EXPECT_TRUE(both.server.stream == large) << size;
    }
}

TEST(tls_transport, an_end_without_close_notify_is_an_error) {
    auto both = plain_world().talking();
    both.client.send("Hello");
    both.exchange();
    both.server.receive_eof();
    EXPECT_EQ(both.server.failure, "tls.truncated: the peer ended without a close_notify");
    EXPECT_EQ(both.server.stream, "Hello");
}

TEST(tls_transport, an_end_inside_the_handshake_is_another) {
    for (const std::size_t sent : {0U, 1U, 5U, 9U, 100U}) {
        auto both = plain_world().ends();
        both.server.receive(bytes(both.client.take_output()).substr(0, sent));
        both.server.receive_eof();
        EXPECT_EQ(both.server.failure, "tls.handshake: the peer ended inside the handshake");
    }
}

TEST(tls_transport, a_record_that_was_changed_ends_the_stream_before_it) {
    auto both = plain_world().talking();
    both.client.send("one");
    const auto first = both.client.take_output();
    both.client.send("two");
    auto second = both.client.take_output();
    second.back() = static_cast<char>(second.back() ^ 1);
    both.server.receive(first + second);
    EXPECT_EQ(both.server.stream, "one");
    EXPECT_EQ(both.server.name(), "tls.record");
    EXPECT_NE(both.server.take_output(), "") << "an alert";
    both.server.send("more");
    EXPECT_EQ(both.server.take_output(), "");
}

TEST(tls_transport, works_under_transport_output) {
    auto both = plain_world().ends();
    transport_output output(*both.client.line);
    while (!both.client.line->established()) {
        const auto some = output.next("Hello");
        ASSERT_TRUE(some);
        ASSERT_FALSE(some->empty());
        both.server.receive(*some);
        EXPECT_EQ(output.sent(some->size()), 0U);
        both.client.receive(both.server.take_output());
    }
    while (both.server.stream.empty()) {
        const auto some = output.next("Hello");
        both.server.receive(some->substr(0, 1));
        (void)output.sent(1);
    }
    EXPECT_EQ(both.server.stream, "Hello");
}

TEST(tls_transport, a_ticket_takes_the_place_of_a_handshake_once) {
    const tls_world world;
    const auto make_client = unwrap(tls_client_transports(world.client, "localhost"));
    const auto servers = unwrap(tls_server_transports::load(world.server));
    const auto resumes = [&] {
        tls_ends both{{make_client()}, {servers.make()}};
        both.exchange();
        return both.server.line->identity().tls->resumed;
    };
    EXPECT_FALSE(resumes());
    EXPECT_TRUE(resumes());
    EXPECT_TRUE(resumes()) << "each connection brings the next ticket";
    tls_ends first{{make_client()}, {servers.make()}};
    tls_ends second{{make_client()}, {servers.make()}};
    second.exchange();
    EXPECT_FALSE(second.server.line->identity().tls->resumed)
        << "one ticket is for one connection";
}

TEST(tls_transport, agrees_on_a_protocol) {
    tls_world world;
    world.client.protocols = {"other", "frames"};
    EXPECT_EQ(world.talking().server.line->identity().tls->protocol, "") << "it is optional";
    world.server.protocols = {"frames", "echo"};
    const auto both = world.talking();
    EXPECT_EQ(both.server.line->identity().tls->protocol, "frames");
    EXPECT_EQ(both.client.line->identity().tls->protocol, "frames");
    world.client.protocols = {"h2"};
    const auto refused = world.talking();
    EXPECT_EQ(refused.server.name(), "tls.handshake");
    EXPECT_EQ(refused.client.failure,
              "tls.handshake: the peer ended it with the alert 'no application protocol'");
    world.client.protocols = {};
    EXPECT_TRUE(world.talking().server.line->established());
}

}  // namespace
}  // namespace framewire::tls_transport_tests
