#include "framewire/asio/request.hpp"

#include "coroutines.hpp"
#include "raw_peer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace framewire::tests::request_tests {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;

client connected(const std::string& where, client_settings settings = {}) {
    auto one = client::connect(where, "digits:10", std::move(settings));
    if (!one) throw std::runtime_error(one.error().message());
    return std::move(*one);
}

TEST(request, coroutines_wait_for_replies_on_their_own_thread) {
    const running_server serving;
    auto one = connected(serving.local().text());
    const auto here = std::this_thread::get_id();
    const auto asks = [&](char name) -> awaitable<void> {
        for (int i = 0; i < 50; ++i) {
            const auto payload = name + std::to_string(i);
            const auto reply = co_await request(one, payload);
            EXPECT_TRUE(reply.has_value());
            EXPECT_EQ(reply.value_or(""), payload);
            EXPECT_EQ(std::this_thread::get_id(), here);
        }
    };
    run_together(
        {[&] { return asks('a'); }, [&] { return asks('b'); }, [&] { return asks('c'); }});
}

TEST(request, a_payload_need_not_live_until_it_is_sent) {
    const running_server serving;
    auto one = connected(serving.local().text());
    run_together({[&]() -> awaitable<void> {
        auto payload = std::make_unique<std::string>(1000, 'x');
        auto waiting = request(one, *payload);
        payload.reset();
        const auto reply = co_await std::move(waiting);
        EXPECT_EQ(reply.value_or("").size(), 1000U);
    }});
}

TEST(request, fails_as_the_client_does) {
    raw_peer peer([](raw_socket& one) { (void)one.receive_to_end(); });
    auto one = connected(peer.where(), {.timeout = milliseconds(50)});
    run_together({[&]() -> awaitable<void> {
        const auto reply = co_await request(one, "Hello");
        EXPECT_TRUE(!reply && reply.error().code == errc::io_timeout_reply);
    }});
}

}  // namespace
}  // namespace framewire::tests::request_tests
