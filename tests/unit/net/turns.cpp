// Connections of one loop beside each other: who is told, who waits, who is gone.

#include "eventually.hpp"
#include "recording_observer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace framewire::tests::turns_tests {
namespace {

using std::chrono::milliseconds;

// Is told everything, but says that traffic is of no use to it.
class ends_only final : public observer {
public:
    [[nodiscard]] bool observes_traffic() const noexcept override { return false; }
    void on(const peer& /*who*/, const occurrence& what) override {
        std::visit(
            overloaded{[&](const occurred::opened&) { ++openings; },
                       [&](const occurred::skipped& one) { skipped_bytes += one.size; },
                       [&](const occurred::closed&) { ++closings; },
                       [&](const occurred::refused&) { ++refusals; },
                       [&](const occurred::peer_ended&) {}, [&](const auto&) { ++traffic; }},
            what);
    }

    std::atomic<std::uint64_t> openings{0};
    std::atomic<std::uint64_t> traffic{0};
    std::atomic<std::uint64_t> skipped_bytes{0};
    std::atomic<std::uint64_t> closings{0};
    std::atomic<std::uint64_t> refusals{0};
};

TEST(turns, an_observer_without_use_for_traffic_is_told_beginnings_and_ends) {
    ends_only observer;
    const running_server serving({.connections_max = 1, .observer = &observer},
                                 {.framing = "digits:10,max=5,oversize=skip"});
    auto one = serving.connect();
    EXPECT_EQ(one.request("Hello"), digits_frame("Hello"));
    one.send(digits_frame("too long"));
    EXPECT_EQ(one.request("again"), digits_frame("again"));
    auto second = serving.connect();
    EXPECT_NE(second.receive_to_end().how, ending::silence);
    one.send_end();
    EXPECT_EQ(one.receive_to_end().how, ending::eof);
    one.close();
    ASSERT_TRUE(serving.comes_to_have_open(0));
    EXPECT_EQ(observer.openings, 1U);
    EXPECT_EQ(observer.closings, 1U);
    EXPECT_EQ(observer.refusals, 1U);
    EXPECT_EQ(observer.skipped_bytes, 8U);
    EXPECT_EQ(observer.traffic, 0U);
    EXPECT_EQ(serving.statistics().frames, 2U);
}

// Both have sent before the loop reads from either: whoever comes first waits at the first
// payload.
TEST(turns, a_peer_with_many_frames_lets_others_in_between) {
    std::atomic<bool> both_sent{false};
    std::atomic<int> frames{0};
    std::atomic<int> before_short{-1};
    const running_server serving({}, {.service = service_from([&](bytes payload, outbox& replies) {
                                          both_sent.wait(false);
                                          if (payload == "short") before_short = frames.load();
                                          ++frames;
                                          EXPECT_TRUE(replies.reply(payload));
                                      })});
    auto many = serving.connect();
    auto few = serving.connect();
    std::string sent;
    for (int i = 0; i < 4000; ++i) sent += digits_frame("x");
    many.send(sent);
    few.send(digits_frame("short"));
    both_sent = true;
    both_sent.notify_all();
    EXPECT_EQ(few.receive(15), digits_frame("short"));
    EXPECT_EQ(many.receive(sent.size()), sent);
    EXPECT_LE(before_short, 2000);
}

// The loop never waits meanwhile, and looks at its wheel all the same.
TEST(turns, deadlines_fire_while_others_are_busy) {
    const running_server serving(
        {.limits = {.header_deadline = milliseconds(100), .idle_deadline = milliseconds(200)}});
    auto busy = serving.connect();
    auto slow = serving.connect();
    auto idle = serving.connect();
    slow.send("00000");
    std::string burst;
    for (int i = 0; i < 500; ++i) burst += digits_frame("busy");
    std::atomic<bool> over{false};
    std::thread crowd([&] {
        while (!over) {
            busy.send(burst);
            if (busy.receive(burst.size()) != burst) ADD_FAILURE() << "a reply is wrong";
        }
    });
    EXPECT_TRUE(serving.comes_to_count(errc::io_timeout_header));
    EXPECT_TRUE(serving.comes_to_count(errc::io_timeout_idle));
    over = true;
    crowd.join();
    EXPECT_EQ(slow.receive_to_end().how, ending::eof);
    EXPECT_EQ(idle.receive_to_end().how, ending::eof);
    EXPECT_EQ(busy.request("still here"), digits_frame("still here"));
}

// A server whose only thread stays inside a service until it is let go.
class held_server {
public:
    explicit held_server(server_settings settings = {})
        : serving(settings, {.service = service_from([this](bytes payload, outbox& replies) {
                                 if (payload == "wait") {
                                     called.open();
                                     go_on.pass();
                                 }
                                 (void)replies.reply(payload);
                             })}) {}

    gate called;
    gate go_on;
    running_server serving;
};

// All of it is found ready at once: some connections before the server is told to end, some behind
// it, which are gone by then.
TEST(turns, what_is_ready_behind_the_end_is_told_nothing) {
    recording_observer observer;
    held_server held({.observer = &observer});
    std::vector<raw_socket> before;
    std::vector<raw_socket> behind;
    for (int i = 0; i < 10; ++i) {
        before.push_back(held.serving.connect());
        behind.push_back(held.serving.connect());
        EXPECT_EQ(before.back().request("hello"), digits_frame("hello"));
        EXPECT_EQ(behind.back().request("hello"), digits_frame("hello"));
    }
    auto first = held.serving.connect();
    first.send(digits_frame("wait"));
    held.called.pass();
    for (auto& one : before) one.send(digits_frame("before"));
    held.serving.stop();
    held.serving.stop();
    for (auto& one : behind) one.send(digits_frame("behind"));
    held.go_on.open();
    EXPECT_TRUE(held.serving.ends_within(test_timeout));
    EXPECT_EQ(held.serving.statistics().open, 0U);
    EXPECT_EQ(observer.count("closed "), 21U);
    for (auto& one : before) EXPECT_EQ(one.receive_to_end().received, digits_frame("before"));
    for (auto& one : behind) EXPECT_EQ(one.receive_to_end().how, ending::reset);
}

// Draining, each goes on until there is nothing left, turn by turn: and is ended in the midst.
TEST(turns, connections_that_go_on_soon_can_be_ended) {
    held_server held;
    std::vector<raw_socket> crowd;
    std::string more;
    while (more.size() < 300'000) more += digits_frame("more!!");
    for (int i = 0; i < 5; ++i) {
        crowd.push_back(held.serving.connect());
        EXPECT_EQ(crowd.back().request("hello"), digits_frame("hello"));
    }
    auto first = held.serving.connect();
    first.send(digits_frame("wait"));
    held.called.pass();
    for (auto& one : crowd) one.send(more);
    held.serving.stop();
    held.go_on.open();
    ASSERT_TRUE(eventually([&] { return held.serving.statistics().frames > 10; }));
    held.serving.stop();
    EXPECT_TRUE(held.serving.ends_within(test_timeout));
    for (auto& one : crowd) EXPECT_NE(one.receive_to_end().how, ending::silence);
}

TEST(turns, connections_that_go_on_soon_are_drained) {
    held_server held;
    std::vector<raw_socket> crowd;
    std::string more;
    // Of 16 bytes each, so that every read ends between two frames.
    while (more.size() < 200'000) more += digits_frame("more!!");
    for (int i = 0; i < 5; ++i) {
        crowd.push_back(held.serving.connect());
        EXPECT_EQ(crowd.back().request("hello"), digits_frame("hello"));
    }
    auto first = held.serving.connect();
    first.send(digits_frame("wait"));
    held.called.pass();
    for (auto& one : crowd) one.send(more);
    held.serving.stop();
    held.go_on.open();
    for (auto& one : crowd) {
        const auto words = one.receive_to_end();
        EXPECT_TRUE(words.received == more) << words.received.size();
        EXPECT_EQ(words.how, ending::eof);
        one.close();
    }
    EXPECT_EQ(first.receive_to_end().received, digits_frame("wait"));
    first.close();
    EXPECT_TRUE(held.serving.ends_within(test_timeout));
}

// Input that was held back goes on when the peer reads, though the peer has sent all it will.
TEST(turns, held_input_is_drained_too) {
    held_server held({.limits = {.queued_bytes_max = 100}});
    auto one = held.serving.connect();
    std::string all = digits_frame("wait");
    for (int i = 0; i < 1000; ++i) all += digits_frame("more");
    one.send(all);
    held.called.pass();
    held.serving.stop();
    held.go_on.open();
    EXPECT_TRUE(one.receive_to_end().received == all);
    one.close();
    EXPECT_TRUE(held.serving.ends_within(test_timeout));
}

// A service may end the server it is called by, and another connection's turn is not its own.
TEST(turns, a_service_may_stop_the_server) {
    std::atomic<running_server*> own{nullptr};
    running_server serving({}, {.service = service_from([&](bytes payload, outbox& replies) {
                                    (void)replies.reply(payload);
                                    if (payload == "stop") own.load()->stop();
                                })});
    own = &serving;
    auto other = serving.connect();
    EXPECT_EQ(other.request("hello"), digits_frame("hello"));
    auto one = serving.connect();
    one.send(digits_frame("stop"));
    EXPECT_EQ(one.receive_to_end().received, digits_frame("stop"));
    EXPECT_EQ(other.receive_to_end().how, ending::eof);
    one.close();
    other.close();
    EXPECT_TRUE(serving.ends_within(test_timeout));
}

}  // namespace
}  // namespace framewire::tests::turns_tests
