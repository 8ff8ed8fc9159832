// What a client does when its connection ends, at any moment.

#include "connected_client.hpp"
#include "eventually.hpp"
#include "raw_peer.hpp"
#include "resources.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace framewire::tests::client_reconnecting_tests {
namespace {

using std::chrono::milliseconds;

constexpr reconnect_policy soon{
    .attempts_max = 1000, .first = milliseconds(1), .longest = milliseconds(5)};

/// Accepts one connection after the other, each with a talk of its own; then listens no more.
class raw_peers {
public:
    using talk = std::function<void(raw_socket&)>;

    explicit raw_peers(std::vector<talk> talks) : listener_(endpoint::family::ipv4) {
        listener_.listen();
        where_ = listener_.local().text();
        end_ = std::async(std::launch::async, [this, talks = std::move(talks)] {
            for (const auto& one : talks) {
                auto connection = listener_.accept();
                one(connection);
            }
            listener_.close();
        });
    }
    [[nodiscard]] const std::string& where() const { return where_; }
    void finish() { end_.get(); }

private:
    raw_socket listener_;
    std::string where_;
    std::future<void> end_;
};

void closes(raw_socket& /*one*/) {}

void echoes_one(raw_socket& one) {
    const auto size = std::stoul(one.receive(10));
    one.send(digits_frame(one.receive(size)));
}

// A bare close could be a reset, as the next request may have come.
void echoes_one_and_ends(raw_socket& one) {
    echoes_one(one);
    one.send_end();
    (void)one.receive_to_end();
}

void echoes_all(raw_socket& one) { echo_everything(one); }

raw_peers::talk says(std::string part) {
    return [part = std::move(part)](raw_socket& one) { one.send(part); };
}

// Whoever asks again after an error is answered in the end.
std::string asked_until_answered(client& one, const std::string& payload) {
    std::string answer;
    (void)eventually([&] {
        const auto outcome = one.request(payload);
        answer = text_of(outcome);
        return outcome.has_value();
    });
    return answer;
}

TEST(client_reconnecting, without_it_an_ended_connection_is_the_end) {
    raw_peer peer(echoes_one_and_ends);
    auto one = connected(peer.where());
    EXPECT_EQ(text_of(one.request("x")), "x");
    EXPECT_EQ(code_of(one.request("y")), errc::io_closed);
    EXPECT_FALSE(one.usable());
    EXPECT_EQ(code_of(one.request_later("z").get()), errc::io_closed);
    EXPECT_EQ(code_of(one.receive()), errc::io_closed);
    EXPECT_FALSE(one.send("z"));
}

TEST(client_reconnecting, the_next_request_goes_over_the_next_connection) {
    raw_peers peers({echoes_one, echoes_one, echoes_all});
    auto one = connected(peers.where(), {.reconnect = soon});
    const auto first = one.peer().local.port;
    EXPECT_EQ(text_of(one.request("x")), "x");
    EXPECT_EQ(asked_until_answered(one, "y"), "y");
    EXPECT_EQ(asked_until_answered(one, "z"), "z");
    EXPECT_TRUE(one.usable());
    EXPECT_NE(one.peer().local.port, first);
}

// Before a byte, inside the header, inside the payload, between two replies; by an end, a reset,
// or what is no frame.
TEST(client_reconnecting, a_server_may_die_at_every_moment) {
    const auto reply = digits_frame("reply");
    std::vector<raw_peers::talk> talks{closes, [](raw_socket& one) { one.reset(); }};
    for (std::size_t size = 1; size <= reply.size(); ++size) {
        talks.push_back([part = reply.substr(0, size)](raw_socket& one) {
            (void)one.receive(10);
            one.send(part);
        });
    }
    talks.push_back(says("HTTP/1.1 400 Bad Request\r\n"));
    talks.push_back(echoes_all);
    const auto count = talks.size();
    raw_peers peers(std::move(talks));
    auto one = connected(peers.where(), {.reconnect = soon});
    std::size_t failed = 0;
    ASSERT_TRUE(eventually([&] {
        const auto outcome = one.request("asked");
        if (!outcome) ++failed;
        return outcome && *outcome == "asked";
    }));
    EXPECT_GE(failed, 1U);
    EXPECT_LE(failed, 2 * count);
    EXPECT_TRUE(one.usable());
}

TEST(client_reconnecting, what_was_sent_fails_and_is_not_sent_again) {
    std::atomic<int> received{0};
    raw_peers peers({[&](raw_socket& one) {
                         (void)one.receive(digits_frame("once").size());
                         ++received;
                     },
                     [&](raw_socket& one) {
                         one.send(digits_frame("hello again"));
                         const auto rest = one.receive(digits_frame("next").size());
                         EXPECT_EQ(rest, digits_frame("next"));
                         one.send(digits_frame("reply"));
                         (void)one.receive_to_end();
                     }});
    auto one = connected(peers.where(), {.reconnect = soon});
    auto once = one.request_later("once");
    EXPECT_EQ(code_of(once.get()), errc::io_closed);
    EXPECT_EQ(text_of(one.receive()), "hello again");
    EXPECT_EQ(text_of(one.request("next")), "reply");
    EXPECT_EQ(received, 1);
}

TEST(client_reconnecting, what_was_not_sent_waits_for_the_next_connection) {
    auto serving = std::make_unique<running_server>();
    const auto where = serving->local().text();
    auto one = connected(where, {.timeout = test_timeout, .reconnect = soon});
    EXPECT_EQ(text_of(one.request("before")), "before");
    serving.reset();
    EXPECT_TRUE(eventually([&] { return !one.request("x", milliseconds(1)); }));
    std::vector<std::future<client::reply>> all;
    for (int i = 0; i < 20; ++i) all.push_back(one.request_later(std::to_string(i)));
    EXPECT_EQ(code_of(one.request("impatient", milliseconds(20))), errc::io_timeout_reply);
    serving =
        std::make_unique<running_server>(server_settings{}, tests::serving{.address = where});
    for (std::size_t i = 0; i < all.size(); ++i)
        EXPECT_EQ(text_of(all[i].get()), std::to_string(i));
    EXPECT_TRUE(one.send("sent, too"));
    EXPECT_TRUE(one.usable());
}

TEST(client_reconnecting, it_gives_up_after_the_last_attempt) {
    auto serving = std::make_unique<running_server>();
    auto one = connected(
        serving->local().text(),
        {.timeout = test_timeout,
         .reconnect = {.attempts_max = 3, .first = milliseconds(1), .longest = milliseconds(2)}});
    serving.reset();
    const auto outcome = one.request("x");
    ASSERT_FALSE(outcome);
    EXPECT_TRUE(eventually([&] { return !one.usable(); }));
    const auto last = one.request("y");
    ASSERT_FALSE(last);
    EXPECT_EQ(last.error().code, errc::io_failed);
    EXPECT_NE(last.error().words.find("connection refused"), std::string::npos)
        << last.error().words;
}

// A server that accepts and closes would be tried for ever.
TEST(client_reconnecting, connections_that_bring_nothing_count_as_failed) {
    raw_peers peers({closes, closes, closes, closes});
    auto one = connected(
        peers.where(),
        {.reconnect = {.attempts_max = 3, .first = milliseconds(1), .longest = milliseconds(2)}});
    EXPECT_TRUE(eventually([&] { return !one.usable(); }));
    peers.finish();
}

TEST(client_reconnecting, a_client_that_ended_its_stream_does_not_come_back) {
    raw_peers peers({[](raw_socket& one) {
        EXPECT_EQ(one.receive_to_end().received, "");
        one.send(digits_frame("last words"));
    }});
    auto one = connected(peers.where(), {.reconnect = soon});
    one.shutdown_send();
    EXPECT_EQ(code_of(one.request("x")), errc::io_closed);
    EXPECT_EQ(text_of(one.receive()), "last words");
    EXPECT_EQ(code_of(one.receive()), errc::io_closed);
    EXPECT_FALSE(one.usable());
}

TEST(client_reconnecting, a_client_may_be_destroyed_while_it_tries) {
    auto serving = std::make_unique<running_server>();
    const auto before = open_descriptors();
    {
        auto one =
            connected(serving->local().text(), {.timeout = test_timeout, .reconnect = soon});
        serving.reset();
        auto waiting = std::async(std::launch::async, [later = one.request_later("x")]() mutable {
            return later.get();
        });
        std::this_thread::sleep_for(milliseconds(10));
        auto last = std::move(one);
        (void)waiting.wait_for(milliseconds(0));
    }
    EXPECT_LE(open_descriptors(), before);
}

}  // namespace
}  // namespace framewire::tests::client_reconnecting_tests
