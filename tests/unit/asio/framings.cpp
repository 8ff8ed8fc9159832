// Streams whose framing changes.

#include "coroutines.hpp"
#include "framewire/asio/listener.hpp"
#include "framewire/asio/stream.hpp"
#include "raw_socket.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace framewire::tests::framings_tests {
namespace {

using boost::asio::awaitable;

framing of(std::string_view spec) { return *framing::parse(spec); }

awaitable<std::string> received(stream& one) {
    const auto outcome = co_await one.receive();
    co_return outcome ? std::string(*outcome) : outcome.error().message();
}

awaitable<void> send(stream& one, std::string_view payload) {
    const auto outcome = co_await one.send(payload);
    EXPECT_TRUE(outcome.has_value()) << (outcome ? "" : outcome.error().message());
}

awaitable<listener> listening(std::string_view spec) {
    auto door = listener::listen(co_await boost::asio::this_coro::executor, "127.0.0.1:0", spec);
    if (!door) throw std::runtime_error(door.error().words);
    co_return std::move(*door);
}

TEST(asio_framings, both_ends_change_with_the_same_words) {
    run_together({[]() -> awaitable<void> {
        auto door = co_await listening(R"(line,reply=u8)");
        auto client = co_await stream::connect(door.local().text(), R"(line,reply=u8)");
        auto server = co_await door.accept();
        if (!client || !server) throw std::runtime_error("not connected");
        co_await send(*client, "upgrade");
        EXPECT_EQ(co_await received(*server), "upgrade");
        co_await send(*server, "yes");
        EXPECT_EQ(co_await received(*client), "yes");
        for (auto* const one : {&*client, &*server}) one->use(of(R"(digits:3,reply=u16be)"));
        co_await send(*client, "hello\n");
        EXPECT_EQ(co_await received(*server), "hello\n");
        co_await send(*server, std::string(300, 'x'));
        EXPECT_EQ((co_await received(*client)).size(), 300U);
    }});
}

// The bytes, as the other end may be of the same mind.
TEST(asio_framings, one_direction_changes_alone) {
    run_together({[]() -> awaitable<void> {
        auto door = co_await listening("u8");
        raw_socket peer(door.local());
        auto one = co_await door.accept();
        if (!one) throw std::runtime_error("not connected");
        peer.send("\1a\1b3:cde,");
        EXPECT_EQ(co_await received(*one), "a");
        one->use(of("digits:2"), direction::sent);
        co_await send(*one, "a");
        EXPECT_EQ(co_await received(*one), "b");
        one->use(of("netstring"), direction::received);
        EXPECT_EQ(co_await received(*one), "cde");
        co_await send(*one, "cde");
        EXPECT_EQ(peer.receive(8), "01a03cde");
    }});
}

TEST(asio_framings, first_frames_are_of_their_own) {
    run_together({[]() -> awaitable<void> {
        const std::string spec = R"(u8,first=line,reply=u8\,first=fixed:2)";
        auto door = co_await listening(spec);
        auto client = co_await stream::connect(door.local().text(), spec);
        auto server = co_await door.accept();
        if (!client || !server) throw std::runtime_error("not connected");
        for (const auto* const text : {"hi", "a\n"}) {
            co_await send(*client, text);
            EXPECT_EQ(co_await received(*server), text);
            co_await send(*server, text);
            EXPECT_EQ(co_await received(*client), text);
        }
        EXPECT_FALSE((co_await client->send(std::string(256, 'x'))).has_value());
    }});
}

}  // namespace
}  // namespace framewire::tests::framings_tests
