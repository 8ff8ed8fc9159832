#include "framewire/asio/listener.hpp"
#include "coroutines.hpp"
#include "failing_calls.hpp"
#include "raw_socket.hpp"
#include "recording_observer.hpp"
#include "resources.hpp"

#include <gtest/gtest.h>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace framewire::tests::listener_tests {
namespace {

using boost::asio::awaitable;

awaitable<listener> listening(stream_settings settings = {}) {
    const auto executor = co_await boost::asio::this_coro::executor;
    auto one = listener::listen(executor, "127.0.0.1:0", "digits:10", settings);
    if (!one) throw std::runtime_error(one.error().message());
    co_return std::move(*one);
}

awaitable<stream> next_of(listener& from) {
    auto one = co_await from.accept();
    if (!one) throw std::runtime_error(one.error().message());
    co_return std::move(*one);
}

TEST(listener, accepts_streams_that_answer) {
    run_together({[&]() -> awaitable<void> {
        auto door = co_await listening();
        raw_socket guest(door.local());
        guest.send(digits_frame("Hello"));
        auto one = co_await next_of(door);
        const auto received = co_await one.receive();
        EXPECT_TRUE(received.has_value());
        if (!received) co_return;
        EXPECT_EQ(*received, "Hello");
        const auto sent = co_await one.send(*received);
        EXPECT_TRUE(sent.has_value());
        EXPECT_EQ(guest.receive(15), digits_frame("Hello"));
        EXPECT_EQ(one.peer().remote.text(), guest.local().text());
        guest.close();
        const auto end = co_await one.receive();
        EXPECT_TRUE(!end && end.error().code == errc::io_closed);
    }});
}

TEST(listener, two_streams_send_to_each_other_at_once) {
    const std::string large(8 * MiB, 'x');
    const auto talk = [&](stream& one) -> awaitable<void> {
        const auto sent = co_await one.send(large);
        EXPECT_TRUE(sent.has_value());
        const auto received = co_await one.receive();
        EXPECT_TRUE(received.has_value() && *received == large);
    };
    std::optional<listener> door;
    run_together({[&]() -> awaitable<void> {
                      door.emplace(co_await listening());
                      auto one = co_await next_of(*door);
                      co_await talk(one);
                  },
                  [&]() -> awaitable<void> {
                      auto one = co_await stream::connect(door->local().text(), "digits:10");
                      EXPECT_TRUE(one.has_value());
                      if (one) co_await talk(*one);
                      door.reset();
                  }});
}

TEST(listener, goes_on_through_failures) {
    const failing_calls_end then;
    run_together({[&]() -> awaitable<void> {
        auto door = co_await listening();
        for (const int error : {ECONNABORTED, EPROTO, EINTR, EMFILE, ENFILE, ENOBUFS, ENOMEM}) {
            const raw_socket guest(door.local());
            fail_next(system_call::accept4, error, 2);
            auto one = co_await next_of(door);
            EXPECT_EQ(one.peer().remote.text(), guest.local().text()) << error;
            EXPECT_EQ(failures_left(system_call::accept4), 0) << error;
        }
    }});
}

TEST(listener, an_accept_that_waits_ends_with_it) {
    std::optional<listener> door;
    run_together({[&]() -> awaitable<void> {
                      door.emplace(co_await listening());
                      const auto nobody = co_await door->accept();
                      EXPECT_TRUE(!nobody && nobody.error().code == errc::io_closed);
                  },
                  [&]() -> awaitable<void> {
                      boost::asio::steady_timer soon(co_await boost::asio::this_coro::executor,
                                                     std::chrono::milliseconds(100));
                      co_await soon.async_wait(boost::asio::use_awaitable);
                      door.reset();
                  }});
}

awaitable<void> echo_until_exit(stream one) {
    while (const auto received = co_await one.receive()) {
        if (*received == "throw") throw std::runtime_error("on purpose");
        const auto sent = co_await one.send(*received);
        if (!sent || *received == "exit") break;
    }
}

TEST(listener, serves_each_connection_by_a_coroutine_of_its_own) {
    boost::asio::io_context loop(1);
    auto door = listener::listen(loop.get_executor(), "127.0.0.1:0", "digits:10");
    ASSERT_TRUE(door);
    const auto at = door->local();
    boost::asio::co_spawn(loop, door->serve(echo_until_exit), boost::asio::detached);
    auto runs = std::async(std::launch::async, [&] { loop.run_for(test_timeout); });
    {
        raw_socket silent(at);
        raw_socket one(at);
        EXPECT_EQ(one.request("Hello"), digits_frame("Hello"));
        raw_socket bad(at);
        bad.send(digits_frame("throw"));
        EXPECT_EQ(bad.receive_to_end().received, "");
        EXPECT_EQ(one.request("again"), digits_frame("again"));
        boost::asio::post(loop, [&] { door = tl::unexpected(failure{}); });
        EXPECT_EQ(one.request("exit"), digits_frame("exit"));
        EXPECT_EQ(one.receive_to_end().how, ending::eof);
    }
    EXPECT_EQ(runs.wait_for(test_timeout / 2), std::future_status::ready) << "serve goes on";
    loop.stop();
}

// More is sent than the stream has read when it goes.
TEST(listener, replies_are_not_erased_when_a_stream_goes) {
    std::future<last_words> guest;
    run_together({[&]() -> awaitable<void> {
        auto door = co_await listening();
        guest = std::async(std::launch::async, [at = door.local()] {
            raw_socket one(at);
            one.send(digits_frame("good") + std::string(90'000, 'x'));
            return one.receive_to_end();
        });
        auto one = co_await next_of(door);
        co_await echo_until_exit(std::move(one));
    }});
    const auto words = guest.get();
    EXPECT_EQ(words.received, digits_frame("good"));
    EXPECT_EQ(words.how, ending::eof);
}

TEST(listener, a_socket_that_cannot_be_watched_is_closed) {
    const failing_calls_end then;
    run_together({[&]() -> awaitable<void> {
        auto door = co_await listening();
        raw_socket unlucky(door.local());
        raw_socket guest(door.local());
        fail_next(system_call::epoll_add, ENOMEM);
        auto one = co_await next_of(door);
        EXPECT_EQ(one.peer().remote.text(), guest.local().text());
        EXPECT_TRUE(unlucky.readable_within(std::chrono::seconds(1)));
    }});
}

TEST(listener, cannot_listen) {
    boost::asio::io_context loop;
    const auto before = open_descriptors();
    raw_socket first(endpoint::family::ipv4);
    first.listen();
    const auto where = first.local().text();
    const auto taken = listener::listen(loop.get_executor(), where, "digits:10");
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().message(), "cannot listen on " + where + ": address in use");
    EXPECT_FALSE(listener::listen(loop.get_executor(), "nonsense", "digits:10"));
    EXPECT_FALSE(listener::listen(loop.get_executor(), "127.0.0.1:0", "nonsense"));
    first.close();
    EXPECT_EQ(open_descriptors(), before);
}

TEST(listener, its_streams_tell_the_observer) {
    recording_observer observer;
    const stream_settings settings{.observer = &observer};
    run_together({[&]() -> awaitable<void> {
        auto door = co_await listening(settings);
        raw_socket guest(door.local());
        guest.send(digits_frame("a") + "x");
        auto one = co_await next_of(door);
        (void)co_await one.receive();
        (void)co_await one.receive();
    }});
    const std::vector<std::string> expected{"opened 0", "bytes 0 12", "frame 0 a at 0",
                                            "closed 0 frame.syntax"};
    EXPECT_EQ(observer.lines(), expected);
}

}  // namespace
}  // namespace framewire::tests::listener_tests
