// Servers and clients whose framing changes.

#include "eventually.hpp"
#include "framewire/codec/framing.hpp"
#include "framewire/net/client.hpp"
#include "recording_observer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <memory>
#include <string>

namespace framewire::tests::framings_tests {
namespace {

framing of(std::string_view spec) { return *framing::parse(spec); }

// Echoes; "u8" and "line" change the framing after the reply.
class changing final : public service {
public:
    void receive(const piece& message, outbox& replies) override {
        (void)replies.reply(message.payload);
        if (message.payload == "u8") (void)replies.use(of("u8"));
        if (message.payload == "both") (void)replies.use(of("line,reply=u8"));
        if (message.payload == "sent") (void)replies.use(of("digits:3"), direction::sent);
    }
};

// Changes the framing within runs only. The first frame of a read is delivered alone, and so are
// those that it leaves.
class changing_runs final : public service {
public:
    void receive(const piece& message, outbox& replies) override {
        (void)replies.reply(message.payload);
    }
    std::size_t receive_run(const payload_run& messages, outbox& replies) override {
        const auto first = messages.payload(0);
        (void)replies.reply(first);
        if (first == "u8") (void)replies.use(of("u8"));
        return 1;
    }
};

TEST(net_framings, a_server_speaks_a_first_frame_and_then_others) {
    const running_server server({},
                                {.framing = R"(digits:1,first=line,reply=u8\,first=digits:3)"});
    auto peer = server.connect();
    peer.send("hello\n2hi1a");
    EXPECT_EQ(peer.receive(13), std::string("005hello\x02hi\x01"
                                            "a",
                                            13));
}

TEST(net_framings, an_echo_in_one_framing_is_lent_after_the_first_frame) {
    const running_server server({}, {.framing = "digits:1,first=line"});
    auto peer = server.connect();
    peer.send("hello\n2hi1a");
    EXPECT_EQ(peer.receive(11), "hello\n2hi1a");
}

TEST(net_framings, a_client_speaks_the_other_direction) {
    const std::string spec = R"(digits:1,first=line,reply=u8\,first=digits:3)";
    const running_server server({}, {.framing = spec});
    auto made = client::connect(server.local().text(), spec);
    ASSERT_TRUE(made) << made.error().message();
    for (const auto* const text : {"hello", "a", "bc"}) {
        EXPECT_EQ(made->request(text).value_or("none"), text);
    }
    const auto refused = made->request("more than nine");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::frame_too_large);
}

TEST(net_framings, a_service_changes_the_framing_of_what_follows) {
    const running_server server(
        {}, {.framing = "digits:1", .service = [] { return std::make_unique<changing>(); }});
    auto peer = server.connect();
    // All of it in one read: what follows the frame is of the new framing.
    peer.send(
        "1a2u8\1b\4both"
        "c\n");
    EXPECT_EQ(peer.receive(14), std::string("1a2u8\1b\4both\1c", 14));
    auto other = server.connect();
    other.send("4sent1a");
    EXPECT_EQ(other.receive(9), "4sent001a");
}

TEST(net_framings, a_service_that_takes_runs_changes_the_framing_within_one) {
    const running_server server(
        {}, {.framing = "digits:1", .service = [] { return std::make_unique<changing_runs>(); }});
    // Whole frames of the earlier framing follow in the run, too: here they are one payload.
    std::string all = "1a2u81";
    for (int i = 0; i < '1'; ++i) all += i % 2 == 0 ? 'x' : '1';
    all += "\1c\1d";
    auto peer = server.connect();
    peer.send(all);
    EXPECT_EQ(peer.receive(all.size()), all);
}

TEST(net_framings, an_observer_hears_of_a_change_after_what_was_sent_before) {
    recording_observer observer;
    const running_server server({.observer = &observer}, {.framing = "digits:1", .service = [] {
                                                              return std::make_unique<changing>();
                                                          }});
    auto peer = server.connect();
    peer.send("4sent");
    EXPECT_EQ(peer.receive(5), "4sent");
    const std::string change = R"(framing digits:1,reply=digits:3)";
    ASSERT_TRUE(eventually([&] { return observer.has(change); }));
    const auto all = observer.lines();
    const auto sent = std::ranges::find_if(
        all, [](const std::string& line) { return line.starts_with("sent"); });
    EXPECT_LT(sent, std::ranges::find(all, change));
}

}  // namespace
}  // namespace framewire::tests::framings_tests
