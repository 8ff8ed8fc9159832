#include "framewire/asio/stream.hpp"

#include "coroutines.hpp"
#include "raw_peer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <string>
#include <vector>

namespace framewire::tests::stream_tests {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;

// Connects, or fails the coroutine.
awaitable<stream> connected(std::string where, stream_settings settings = {}) {
    auto one = co_await stream::connect(where, "digits:10", settings);
    if (!one) throw std::runtime_error(one.error().message());
    co_return std::move(*one);
}

awaitable<std::string> received(stream& one) {
    const auto outcome = co_await one.receive();
    co_return outcome ? std::string(*outcome) : outcome.error().message();
}

awaitable<void> expect_sent(stream& one, std::string_view payload) {
    const auto outcome = co_await one.send(payload);
    EXPECT_TRUE(outcome.has_value()) << (outcome ? "" : outcome.error().message());
}

TEST(stream, sends_and_receives) {
    const running_server serving;
    run_together({[&]() -> awaitable<void> {
        auto one = co_await connected(serving.local().text());
        for (const std::string text : {"Hello", "", "again"}) {
            co_await expect_sent(one, text);
            const auto reply = co_await received(one);
            EXPECT_EQ(reply, text);
        }
        EXPECT_EQ(one.peer().remote.text(), serving.local().text());
        EXPECT_GE(one.native_handle(), 0);
    }});
}

TEST(stream, cannot_connect) {
    run_together({[&]() -> awaitable<void> {
        const auto unknown = co_await stream::connect("nobody.invalid:7", "digits:10");
        EXPECT_FALSE(unknown.has_value());
        const auto address = co_await stream::connect("nonsense", "digits:10");
        EXPECT_FALSE(address.has_value());
        const auto framing = co_await stream::connect("127.0.0.1:7", "nonsense");
        EXPECT_FALSE(framing.has_value());
    }});
}

// Neither end reads before it has sent everything, and no buffer of the system holds that much.
TEST(stream, two_ends_that_send_first_do_not_block_each_other) {
    const std::string large(8 * MiB, 'a');
    raw_peer peer([&](raw_socket& one) {
        const std::string mine(8 * MiB, 'b');
        one.send(digits_frame(mine));
        EXPECT_EQ(one.receive(8 * MiB + 10).size(), 8 * MiB + 10);
    });
    run_together({[&]() -> awaitable<void> {
        auto one = co_await connected(peer.where());
        co_await expect_sent(one, large);
        const auto reply = co_await received(one);
        EXPECT_EQ(reply.size(), large.size());
        EXPECT_EQ(reply.find_first_not_of('b'), std::string::npos);
    }});
    peer.finish();
}

TEST(stream, a_large_message_to_an_echo_that_does_not_read_ahead) {
    const std::string large(8 * MiB, 'x');
    raw_peer peer(echo_everything);
    run_together({[&]() -> awaitable<void> {
        auto one = co_await connected(peer.where());
        co_await expect_sent(one, large);
        const auto reply = co_await received(one);
        EXPECT_TRUE(reply == large);
        one.shutdown_send();
        const auto end = co_await received(one);
        EXPECT_TRUE(end.starts_with("io.closed")) << end;
    }});
    peer.finish();
}

TEST(stream, one_coroutine_sends_while_another_receives) {
    raw_peer peer(echo_everything);
    std::vector<std::string> all;
    for (char letter = 'a'; letter < 'u'; ++letter) all.emplace_back(100'000, letter);
    run_together({[&]() -> awaitable<void> {
        auto one = co_await connected(peer.where());
        const auto executor = co_await boost::asio::this_coro::executor;
        boost::asio::co_spawn(
            executor,
            [&]() -> awaitable<void> {
                for (const auto& text : all) co_await expect_sent(one, text);
            },
            boost::asio::detached);
        for (const auto& text : all) {
            const auto reply = co_await received(one);
            EXPECT_TRUE(reply == text) << reply.substr(0, 100);
        }
    }});
}

// More is queued than `limits::queued_bytes_max` while the other coroutine receives.
TEST(stream, receives_while_a_large_message_is_being_sent) {
    raw_peer peer([](raw_socket& one) {
        std::string sent;
        for (int i = 0; i < 60'000; ++i) sent += digits_frame(std::to_string(i));
        one.send(sent);
        EXPECT_EQ(one.receive(8 * MiB + 10).size(), 8 * MiB + 10);
        one.send(digits_frame("the last"));
    });
    const std::string large(8 * MiB, 'x');
    run_together({[&]() -> awaitable<void> {
        auto one = co_await connected(peer.where());
        const auto executor = co_await boost::asio::this_coro::executor;
        boost::asio::co_spawn(
            executor, [&]() -> awaitable<void> { co_await expect_sent(one, large); },
            boost::asio::detached);
        for (int i = 0; i < 60'000; ++i) {
            const auto reply = co_await received(one);
            if (reply == std::to_string(i)) continue;
            ADD_FAILURE() << "expected " << i << ", heard " << reply;
            break;
        }
        const auto last = co_await received(one);
        EXPECT_EQ(last, "the last");
    }});
    peer.finish();
}

TEST(stream, a_timeout_is_no_end) {
    gate waited;
    raw_peer peer([&](raw_socket& one) {
        waited.pass();
        one.send(digits_frame("late"));
    });
    const stream_settings settings{.timeout = milliseconds(100)};
    run_together({[&]() -> awaitable<void> {
        auto one = co_await connected(peer.where(), settings);
        const auto nothing = co_await received(one);
        EXPECT_TRUE(nothing.starts_with("io.timeout_reply")) << nothing;
        waited.open();
        std::string reply = nothing;
        for (int i = 0; i < 50 && reply.starts_with("io.timeout_reply"); ++i) {
            reply = co_await received(one);
        }
        EXPECT_EQ(reply, "late");
    }});
}

TEST(stream, gives_up_sending_at_the_write_deadline) {
    gate given_up;
    raw_peer peer([&](raw_socket& /*one*/) { given_up.pass(); });
    const stream_settings settings{.limits = {.write_deadline = milliseconds(300)}};
    const std::string large(64 * MiB, 'x');
    const auto send = [&]() -> awaitable<void> {
        auto one = co_await connected(peer.where(), settings);
        const auto sent = co_await one.send(large);
        EXPECT_TRUE(!sent && sent.error().code == errc::io_timeout_write);
    };
    EXPECT_NO_THROW(run_together({send}, std::chrono::seconds(3)));
    given_up.open();
}

}  // namespace
}  // namespace framewire::tests::stream_tests
