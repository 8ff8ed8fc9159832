#include "coroutines.hpp"
#include "framewire/asio/listener.hpp"
#include "framewire/asio/stream.hpp"
#include "framewire/net/client.hpp"
#include "recording_observer.hpp"
#include "running_server.hpp"
#include "tls_socket.hpp"

#include <gtest/gtest.h>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <stdexcept>
#include <string>

namespace framewire::tests::tls_streams_tests {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;

class streams_world {
public:
    streams_world() {
        client.ca_file = ca.file();
        accepted.certificates = {ca.issue({.names = {"IP:127.0.0.1"}})};
        settings.tls = &client;
        settings.tls_server = &accepted;
    }
    streams_world(const streams_world&) = delete;
    streams_world& operator=(const streams_world&) = delete;
    [[nodiscard]] server_settings server() const { return {.tls = accepted}; }

    test_ca ca;
    tls_client_settings client;
    tls_server_settings accepted;
    stream_settings settings;
};

awaitable<std::string> asked(stream& one, std::string text) {
    const auto reply = co_await one.request(text);
    co_return reply ? std::string(*reply) : reply.error().message();
}

awaitable<void> echo(stream one) {
    while (auto message = co_await one.receive()) {
        if (!co_await one.send(*message)) co_return;
    }
}

TEST(tls_streams, converse_with_a_server) {
    const streams_world world;
    const running_server serving(world.server());
    run_together({[&]() -> awaitable<void> {
        auto one = co_await stream::connect(serving.local().text(), "digits:10", world.settings);
        EXPECT_TRUE(one.has_value()) << (one ? "" : one.error().words);
        if (!one) co_return;
        EXPECT_TRUE(one->peer().tls);
        for (const std::string text : {"Hello", "", "again"}) {
            const auto reply = co_await asked(*one, text);
            EXPECT_EQ(reply, text);
        }
        const std::string large(3 * MiB, 'x');
        const auto reply = co_await asked(*one, large);
        EXPECT_TRUE(reply == large);
    }});
    EXPECT_TRUE(serving.comes_to_have_open(0));
    EXPECT_EQ(serving.failures(errc::tls_truncated), 0U);
}

TEST(tls_streams, name_what_is_wrong_with_a_certificate) {
    streams_world world;
    const running_server serving(world.server());
    const test_ca other("another CA");
    world.client.ca_file = other.file();
    run_together({[&]() -> awaitable<void> {
        const auto one =
            co_await stream::connect(serving.local().text(), "digits:10", world.settings);
        EXPECT_FALSE(one.has_value());
        if (one) co_return;
        EXPECT_NE(one.error().words.find("tls.certificate_unknown"), std::string::npos)
            << one.error().words;
    }});
}

TEST(tls_streams, converse_with_streams) {
    streams_world world;
    recording_observer observer;
    world.settings.observer = &observer;
    run_together({[&]() -> awaitable<void> {
        const auto executor = co_await boost::asio::this_coro::executor;
        auto listening = listener::listen(executor, "127.0.0.1:0", "digits:10", world.settings);
        EXPECT_TRUE(listening.has_value());
        boost::asio::co_spawn(executor, listening->serve(echo), boost::asio::detached);
        auto one = co_await stream::connect(listening->local().text(), "digits:10",
                                            {.tls = &world.client});
        EXPECT_TRUE(one.has_value()) << (one ? "" : one.error().words);
        if (!one) co_return;
        const std::string large(1 * MiB, 'y');
        const auto reply = co_await asked(*one, large);
        EXPECT_TRUE(reply == large);
        one->shutdown_send();
        const auto end = co_await one->receive();
        EXPECT_EQ(end.error().code, errc::io_closed);
    }});
    EXPECT_EQ(observer.count("opened"), 1U);
    EXPECT_EQ(observer.count("closed 0 by_peer"), 1U);
}

TEST(tls_streams, have_a_deadline_for_the_handshake) {
    streams_world world;
    world.accepted.handshake_deadline = milliseconds(60);
    world.client.handshake_deadline = milliseconds(60);
    run_together({[&]() -> awaitable<void> {
        const auto executor = co_await boost::asio::this_coro::executor;
        auto listening = listener::listen(executor, "127.0.0.1:0", "digits:10", world.settings);
        const raw_socket silent(listening->local());
        auto taken = co_await listening->accept();
        const auto late = co_await taken->receive();
        EXPECT_EQ(late.error().code, errc::tls_timeout);
        raw_socket mute(endpoint::family::ipv4);
        mute.listen();
        const auto one =
            co_await stream::connect(mute.local().text(), "digits:10", world.settings);
        EXPECT_FALSE(one.has_value());
        if (!one) {
            EXPECT_NE(one.error().words.find("tls.timeout"), std::string::npos);
        }
    }});
}

TEST(tls_streams, may_send_first) {
    const streams_world world;
    run_together({[&]() -> awaitable<void> {
        const auto executor = co_await boost::asio::this_coro::executor;
        auto listening = listener::listen(executor, "127.0.0.1:0", "digits:10", world.settings);
        boost::asio::co_spawn(executor, listening->serve([](stream one) -> awaitable<void> {
            (void)co_await one.send("welcome");
        }),
                              boost::asio::detached);
        auto one =
            co_await stream::connect(listening->local().text(), "digits:10", world.settings);
        EXPECT_TRUE(one.has_value());
        const auto first = co_await one->receive();
        EXPECT_EQ(first.value_or(""), "welcome");
        const auto end = co_await one->receive();
        EXPECT_EQ(end.error().code, errc::io_closed);
    }});
}

TEST(tls_streams, are_truncated_inside_a_frame_only) {
    const streams_world world;
    for (const bool inside : {false, true}) {
        run_together({[&]() -> awaitable<void> {
            const auto executor = co_await boost::asio::this_coro::executor;
            auto listening =
                listener::listen(executor, "127.0.0.1:0", "digits:10", world.settings);
            auto open_client = std::async(std::launch::async, [&] {
                tls_socket client(raw_socket(listening->local()),
                                  {unwrap(tls_client_transports(world.client, "127.0.0.1"))()});
                client.shake_hands();
                const auto frame = digits_frame("Hello");
                client.send(inside ? frame + "000" : frame);
                client.socket.send_end();
                return client;
            });
            auto one = co_await listening->accept();
            const auto first = co_await one->receive();
            EXPECT_EQ(first.value_or(""), "Hello");
            const auto end = co_await one->receive();
            EXPECT_EQ(end.error().code, inside ? errc::tls_truncated : errc::io_closed);
            (void)open_client.get();
        }});
    }
}

}  // namespace
}  // namespace framewire::tests::tls_streams_tests
