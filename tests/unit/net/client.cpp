#include "framewire/net/client.hpp"

#include "connected_client.hpp"
#include "eventually.hpp"
#include "raw_peer.hpp"
#include "recording_observer.hpp"
#include "resources.hpp"
#include "running_server.hpp"
#include "scratch_path.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <string>
#include <thread>

namespace framewire::tests::client_tests {
namespace {

using std::chrono::milliseconds;

TEST(client, asks_and_is_answered) {
    const running_server serving;
    auto one = connected(serving.local().text());
    EXPECT_EQ(text_of(one.request("Hello")), "Hello");
    EXPECT_EQ(text_of(one.request("")), "");
    const std::string large(3 * MiB, 'x');
    EXPECT_TRUE(text_of(one.request(large)) == large);
    EXPECT_EQ(one.peer().remote.text(), serving.local().text());
    EXPECT_NE(one.peer().local.port, 0);
    EXPECT_TRUE(one.usable());
}

TEST(client, sends_and_receives_in_order) {
    const running_server serving;
    auto one = connected(serving.local().text());
    for (int i = 0; i < 500; ++i) ASSERT_TRUE(one.send(std::to_string(i)));
    for (int i = 0; i < 500; ++i) EXPECT_EQ(text_of(one.receive()), std::to_string(i));
}

TEST(client, speaks_every_family) {
    const scratch_path path("client.sock");
    const auto where = path.address();
    const running_server local({}, {.address = where});
    EXPECT_EQ(text_of(connected(where).request("local")), "local");
    const running_server any({}, {.address = ":0"});
    EXPECT_EQ(text_of(connected(":" + std::to_string(any.local().port)).request("any")), "any");
    auto six = server::listen("[::1]:0", "digits:10", service_named("echo"));
    if (!six) GTEST_SKIP() << "no IPv6 here: " << six.error().message();
    const running_server again({}, {.address = "[::1]:0"});
    EXPECT_EQ(text_of(connected(again.local().text()).request("six")), "six");
}

TEST(client, the_peer_closes_between_frames) {
    raw_peer peer([](raw_socket& one) { one.send(digits_frame("last")); });
    auto one = connected(peer.where());
    EXPECT_EQ(text_of(one.receive()), "last");
    EXPECT_EQ(code_of(one.receive()), errc::io_closed);
    EXPECT_EQ(code_of(one.receive()), errc::io_closed);
    EXPECT_EQ(code_of(one.request("too late")), errc::io_closed);
    EXPECT_FALSE(one.usable());
}

TEST(client, the_peer_closes_inside_a_frame) {
    raw_peer peer([](raw_socket& one) { one.send(digits_frame("good") + "0000000010half"); });
    auto one = connected(peer.where());
    EXPECT_EQ(text_of(one.receive()), "good");
    EXPECT_EQ(code_of(one.receive()), errc::frame_truncated);
    EXPECT_EQ(code_of(one.receive()), errc::frame_truncated);
}

TEST(client, the_peer_resets) {
    gate is_connected;  // or the reset may be how connecting ends
    raw_peer peer([&](raw_socket& one) {
        is_connected.pass();
        one.reset();
    });
    auto one = connected(peer.where());
    is_connected.open();
    EXPECT_EQ(code_of(one.receive()), errc::io_reset);
    const auto sent = one.send("too late");
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, errc::io_reset);
}

TEST(client, the_peer_speaks_something_else) {
    raw_peer peer([](raw_socket& one) { one.send("HTTP/1.1 400 Bad Request\r\n"); });
    auto one = connected(peer.where());
    const auto received = one.receive();
    EXPECT_EQ(code_of(received), errc::frame_syntax);
    EXPECT_EQ(code_of(one.receive()), errc::frame_syntax);
}

TEST(client, a_reply_over_the_limit_is_refused) {
    raw_peer peer([](raw_socket& one) { one.send("0000001001"); });
    auto one = connected(peer.where(), {.limits = {.assembled_bytes_max = 1000}});
    EXPECT_EQ(code_of(one.receive()), errc::frame_too_large);
}

TEST(client, goes_on_after_a_reply_that_came_late) {
    gate waited;
    raw_peer peer([&](raw_socket& one) {
        one.send("0000000004la");
        waited.pass();
        one.send("te" + digits_frame("next"));
    });
    auto one = connected(peer.where(), {.timeout = milliseconds(150)});
    EXPECT_EQ(code_of(one.receive()), errc::io_timeout_reply);
    EXPECT_EQ(code_of(one.receive()), errc::io_timeout_reply);
    waited.open();
    EXPECT_TRUE(eventually([&] { return text_of(one.receive()) == "late"; }));
    EXPECT_EQ(text_of(one.receive()), "next");
    peer.finish();
}

TEST(client, without_a_timeout_it_waits) {
    raw_peer peer([](raw_socket& one) {
        std::this_thread::sleep_for(milliseconds(300));
        one.send(digits_frame("patience"));
    });
    auto one = connected(peer.where(), {.timeout = milliseconds(0)});
    EXPECT_EQ(text_of(one.receive()), "patience");
}

TEST(client, nothing_is_sent_of_what_cannot_be_framed) {
    const running_server serving({}, {.framing = "fixed:4"});
    auto one = connected(serving.local().text(), {}, "fixed:4");
    const auto sent = one.send("five!");
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, errc::frame_wrong_size);
    EXPECT_EQ(text_of(one.request("four")), "four");
    EXPECT_EQ(serving.statistics().bytes_received, 4U);
}

TEST(client, receives_after_it_has_finished_sending) {
    raw_peer peer([](raw_socket& one) {
        const auto words = one.receive_to_end();
        one.send(digits_frame(words.received));
    });
    auto one = connected(peer.where());
    ASSERT_TRUE(one.send("all"));
    one.shutdown_send();
    EXPECT_EQ(text_of(one.receive()), digits_frame("all"));
    EXPECT_EQ(code_of(one.receive()), errc::io_closed);
}

// Over the budget, what has been read waits; what arrives meanwhile comes after it.
TEST(client, more_tiny_frames_than_the_budget_are_all_received) {
    const auto frames = [](int count) {
        std::string out;
        for (int i = 0; i < count; ++i) out += digits_frame(std::to_string(i % 10));
        return out;
    };
    raw_peer peer([&](raw_socket& one) {
        one.send(frames(12'000));
        for (int i = 0; i < 20; ++i) {
            std::this_thread::sleep_for(milliseconds(10));
            one.send(frames(100));
        }
    });
    auto one = connected(peer.where(), {.limits = {.tiny_frames_per_second_max = 10'000}});
    for (int i = 0; i < 14'000; ++i) {
        ASSERT_EQ(text_of(one.receive()), std::to_string(i % 10)) << i;
    }
    EXPECT_EQ(code_of(one.receive()), errc::io_closed);
}

TEST(client, its_observer_sees_everything_in_order) {
    recording_observer observer;
    {
        const running_server serving({}, {.service = service_named("echo,until=exit")});
        auto one = connected(serving.local().text(), {.observer = &observer});
        EXPECT_EQ(text_of(one.request("Hello")), "Hello");
        EXPECT_EQ(text_of(one.request("exit")), "exit");
        EXPECT_EQ(code_of(one.receive()), errc::io_closed);
    }
    const std::vector<std::string> expected{"opened 1",           "sent 1 15", "bytes 1 15",
                                            "frame 1 Hello at 0", "sent 1 14", "bytes 1 14",
                                            "frame 1 exit at 15", "ended 1",   "closed 1 by_peer"};
    auto lines = observer.lines();
    std::erase(lines, "turn");
    EXPECT_EQ(lines, expected);
}

TEST(client, closes_its_connection) {
    const running_server serving;
    const auto before = open_descriptors();
    {
        auto first = connected(serving.local().text());
        EXPECT_EQ(text_of(first.request("x")), "x");
        auto second = std::move(first);
        EXPECT_EQ(text_of(second.request("y")), "y");
        second = connected(serving.local().text());
        EXPECT_EQ(text_of(second.request("z")), "z");
    }
    EXPECT_TRUE(serving.comes_to_have_open(0));
    EXPECT_TRUE(eventually([&] { return open_descriptors() == before; }));
}

}  // namespace
}  // namespace framewire::tests::client_tests
