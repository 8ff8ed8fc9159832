// Blocking calls, futures and callbacks of a client, from one thread and from many.

#include "connected_client.hpp"
#include "eventually.hpp"
#include "raw_peer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace framewire::tests::client_calls_tests {
namespace {

using std::chrono::milliseconds;

/// Counts what came; several threads may add.
class tally {
public:
    void add(const std::string& one) {
        const std::lock_guard lock(mutex_);
        all_.push_back(one);
    }
    [[nodiscard]] std::vector<std::string> all() const {
        const std::lock_guard lock(mutex_);
        return all_;
    }
    [[nodiscard]] bool comes_to(std::size_t count) const {
        return eventually([&] { return all().size() >= count; });
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> all_;
};

std::vector<std::string> numbers(int count) {
    std::vector<std::string> all;
    for (int i = 0; i < count; ++i) all.push_back(std::to_string(i));
    return all;
}

// Each thread gets the replies to its own requests.
void ask_from_threads(client& one, int threads, int each) {
    std::vector<std::thread> all;
    std::atomic<int> wrong{0};
    for (int thread = 0; thread < threads; ++thread) {
        all.emplace_back([&, thread] {
            for (int i = 0; i < each; ++i) {
                const auto payload = std::to_string(thread) + "/" + std::to_string(i);
                if (text_of(one.request(payload)) != payload) ++wrong;
            }
        });
    }
    for (auto& thread : all) thread.join();
    EXPECT_EQ(wrong, 0);
}

TEST(client_calls, eight_threads_ask_at_once) {
    const running_server serving;
    auto one = connected(serving.local().text());
    ask_from_threads(one, 8, 200);
}

TEST(client_calls, eight_threads_ask_at_once_beside_callbacks) {
    const running_server serving;
    auto one = connected(serving.local().text());
    tally replies;
    std::thread beside([&] {
        for (const auto& payload : numbers(200)) {
            one.request(payload, [&](const client::reply& reply) { replies.add(text_of(reply)); });
        }
    });
    ask_from_threads(one, 8, 100);
    beside.join();
    ASSERT_TRUE(replies.comes_to(200));
    EXPECT_EQ(replies.all(), numbers(200));
}

TEST(client_calls, a_thread_takes_over_from_callers_who_wait) {
    gate answers;
    raw_peer peer([&](raw_socket& one) {
        (void)one.receive(digits_frame("first").size() + digits_frame("second").size());
        answers.pass();
        one.send(digits_frame("1") + digits_frame("2"));
        (void)one.receive_to_end();
    });
    auto one = connected(peer.where());
    auto blocked = std::async(std::launch::async, [&] { return text_of(one.request("first")); });
    // Whichever is first on the wire.
    auto later = one.request_later("second");
    answers.open();
    std::vector<std::string> both{blocked.get(), text_of(later.get())};
    std::ranges::sort(both);
    EXPECT_EQ(both, (std::vector<std::string>{"1", "2"}));
}

TEST(client_calls, futures_are_answered_in_order) {
    const running_server serving;
    auto one = connected(serving.local().text());
    std::vector<std::future<client::reply>> all;
    for (const auto& payload : numbers(500)) all.push_back(one.request_later(payload));
    for (int i = 0; i < 500; ++i) EXPECT_EQ(text_of(all[std::size_t(i)].get()), std::to_string(i));
}

TEST(client_calls, one_more_than_the_maximum_is_refused) {
    gate over;
    raw_peer peer([&](raw_socket& one) {
        over.pass();
        one.send(digits_frame("1") + digits_frame("2"));
        (void)one.receive_to_end();
    });
    auto one = connected(peer.where(), {.requests_max = 2});
    auto first = one.request_later("a");
    auto second = one.request_later("b");
    auto third = one.request_later("c");
    EXPECT_EQ(code_of(third.get()), errc::limit_requests);
    over.open();
    EXPECT_EQ(text_of(first.get()), "1");
    EXPECT_EQ(text_of(second.get()), "2");
}

TEST(client_calls, a_callback_may_ask_again) {
    const running_server serving;
    auto one = connected(serving.local().text());
    tally replies;
    std::function<void(client::reply)> again = [&](const client::reply& reply) {
        replies.add(text_of(reply));
        const auto next = replies.all().size();
        if (next < 100) one.request(std::to_string(next), again);
    };
    one.request("0", again);
    ASSERT_TRUE(replies.comes_to(100));
    EXPECT_EQ(replies.all(), numbers(100));
}

TEST(client_calls, a_callback_may_send_but_not_wait) {
    const running_server serving;
    tally pushed;
    std::optional<client> one;
    std::promise<client::reply> nested;
    one.emplace(connected(serving.local().text(),
                          {.pushed = [&](bytes payload) { pushed.add(std::string(payload)); }}));
    one->request("first", [&](const client::reply&) {
        EXPECT_TRUE(one->send("sent"));
        nested.set_value(one->request("cannot"));
    });
    EXPECT_EQ(code_of(nested.get_future().get()), errc::io_failed);
    ASSERT_TRUE(pushed.comes_to(1));
    EXPECT_EQ(pushed.all().front(), "sent");
    EXPECT_EQ(text_of(one->request("goes on")), "goes on");
}

TEST(client_calls, a_callback_that_throws_ends_the_connection) {
    const running_server serving;
    auto one = connected(serving.local().text());
    gate asked;
    one.request("x", [&](const client::reply&) {
        asked.pass();
        throw std::runtime_error("out of order");
    });
    auto waiting = one.request_later("y");
    asked.open();
    const auto outcome = waiting.get();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, errc::io_failed);
    EXPECT_EQ(outcome.error().words, "out of order");
    EXPECT_TRUE(eventually([&] { return !one.usable(); }));
}

TEST(client_calls, a_callback_may_destroy_its_client) {
    const running_server serving;
    auto one = std::make_optional(connected(serving.local().text()));
    std::promise<void> destroyed;
    one->request("x", [&](const client::reply&) {
        one.reset();
        destroyed.set_value();
    });
    destroyed.get_future().get();
    EXPECT_TRUE(serving.comes_to_have_open(0));
}

TEST(client_calls, what_is_outstanding_fails_when_the_client_is_destroyed) {
    raw_peer peer([](raw_socket& one) { (void)one.receive_to_end(); });
    auto one = std::make_optional(connected(peer.where(), {.timeout = milliseconds(0)}));
    tally outcomes;
    for (int i = 0; i < 10; ++i) {
        one->request("x", [&](const client::reply& outcome) {
            outcomes.add(std::string(error_name(code_of(outcome))));
            if (one) one->request("again", [&](const client::reply&) {});
        });
    }
    auto later = one->request_later("y");
    one.reset();
    EXPECT_EQ(outcomes.all(), std::vector<std::string>(10, "io.closed"));
    EXPECT_EQ(code_of(later.get()), errc::io_closed);
    peer.finish();
}

TEST(client_calls, who_waits_is_released_when_the_client_is_destroyed) {
    gate is_asked;
    raw_peer peer([&](raw_socket& one) {
        (void)one.receive(digits_frame("x").size());
        is_asked.open();
        (void)one.receive_to_end();
    });
    auto one = std::make_optional(connected(peer.where(), {.timeout = milliseconds(0)}));
    auto& same = *one;
    auto blocked = std::async(std::launch::async, [&] { return code_of(same.request("x")); });
    is_asked.pass();
    one.reset();
    EXPECT_EQ(blocked.get(), errc::io_closed);
}

TEST(client_calls, what_cannot_be_framed_disturbs_no_other) {
    const running_server serving({}, {.framing = "fixed:4"});
    auto one = connected(serving.local().text(), {}, "fixed:4");
    auto first = one.request_later("four");
    auto wrong = one.request_later("five!");
    auto last = one.request_later("more");
    EXPECT_EQ(code_of(wrong.get()), errc::frame_wrong_size);
    EXPECT_EQ(text_of(first.get()), "four");
    EXPECT_EQ(text_of(last.get()), "more");
}

}  // namespace
}  // namespace framewire::tests::client_calls_tests
