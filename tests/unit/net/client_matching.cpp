// Which reply belongs to which request: order, ids, time-outs, pushes.

#include "connected_client.hpp"
#include "eventually.hpp"
#include "raw_peer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace framewire::tests::client_matching_tests {
namespace {

using std::chrono::milliseconds;

// `7:payload`
std::string id_of(bytes payload) { return std::string(payload.substr(0, payload.find(':'))); }

/// Takes what is pushed on one thread, and gives it out on another.
class mailbox {
public:
    [[nodiscard]] std::function<void(bytes)> slot() {
        return [this](bytes payload) {
            const std::lock_guard lock(mutex_);
            all_.emplace_back(payload);
            changed_.notify_all();
        };
    }
    [[nodiscard]] std::string next() {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, test_timeout, [&] { return !all_.empty(); })) {
            throw std::runtime_error("nothing was pushed");
        }
        auto first = std::move(all_.front());
        all_.pop_front();
        return first;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::string> all_;
};

TEST(client_matching, replies_with_ids_come_in_any_order) {
    constexpr std::size_t count = 50;
    raw_peer peer([](raw_socket& one) {
        std::vector<std::string> frames;
        for (std::size_t i = 0; i < count; ++i) {
            const auto size = std::stoul(one.receive(10));
            frames.push_back(one.receive(size));
        }
        for (auto at = frames.rbegin(); at != frames.rend(); ++at) one.send(digits_frame(*at));
        (void)one.receive_to_end();
    });
    auto one = connected(peer.where(), {.id = id_of});
    std::vector<std::future<client::reply>> all;
    for (std::size_t i = 0; i < count; ++i) {
        all.push_back(one.request_later(std::to_string(i) + ":payload"));
    }
    for (std::size_t i = 0; i < count; ++i) {
        EXPECT_EQ(text_of(all[i].get()), std::to_string(i) + ":payload");
    }
}

TEST(client_matching, a_late_reply_is_not_taken_for_the_next_one) {
    gate timed_out;
    raw_peer peer([&](raw_socket& one) {
        (void)one.receive(digits_frame("a").size());
        timed_out.pass();
        (void)one.receive(digits_frame("b").size());
        one.send(digits_frame("late a") + digits_frame("b"));
        (void)one.receive_to_end();
    });
    auto one = connected(peer.where());
    EXPECT_EQ(code_of(one.request("a", milliseconds(20))), errc::io_timeout_reply);
    EXPECT_TRUE(one.usable());
    timed_out.open();
    EXPECT_EQ(text_of(one.request("b")), "b");
}

TEST(client_matching, a_late_reply_with_an_id_is_pushed) {
    mailbox pushed;
    gate timed_out;
    raw_peer peer([&](raw_socket& one) {
        (void)one.receive(digits_frame("1:a").size());
        timed_out.pass();
        one.send(digits_frame("1:late"));
        (void)one.receive(digits_frame("2:b").size());
        one.send(digits_frame("2:b"));
        (void)one.receive_to_end();
    });
    auto one = connected(peer.where(), {.id = id_of, .pushed = pushed.slot()});
    EXPECT_EQ(code_of(one.request("1:a", milliseconds(20))), errc::io_timeout_reply);
    timed_out.open();
    EXPECT_EQ(pushed.next(), "1:late");
    EXPECT_EQ(text_of(one.request("2:b")), "2:b");
}

TEST(client_matching, a_late_reply_with_an_id_is_not_received) {
    gate timed_out;
    raw_peer peer([&](raw_socket& one) {
        (void)one.receive(digits_frame("1:a").size());
        timed_out.pass();
        one.send(digits_frame("1:late") + digits_frame("news"));
        (void)one.receive_to_end();
    });
    auto one = connected(peer.where(), {.id = id_of});
    EXPECT_EQ(code_of(one.request("1:a", milliseconds(20))), errc::io_timeout_reply);
    timed_out.open();
    EXPECT_EQ(text_of(one.receive()), "news");
}

TEST(client_matching, only_those_time_out_whose_time_is_over) {
    raw_peer peer([](raw_socket& one) { (void)one.receive_to_end(); });
    auto one = connected(peer.where(), {.timeout = milliseconds(0)});
    auto patient = one.request_later("patient");
    std::vector<std::thread> all;
    for (int i = 1; i <= 4; ++i) {
        all.emplace_back([&, i] {
            const auto outcome = one.request("x", milliseconds(20 * i));
            EXPECT_EQ(code_of(outcome), errc::io_timeout_reply);
        });
    }
    for (auto& thread : all) thread.join();
    EXPECT_EQ(code_of(one.receive(milliseconds(20))), errc::io_timeout_reply);
    EXPECT_NE(patient.wait_for(milliseconds(0)), std::future_status::ready);
}

TEST(client_matching, messages_between_replies_are_pushed) {
    mailbox pushed;
    raw_peer peer([](raw_socket& one) {
        one.send(digits_frame("welcome") + digits_frame("to you"));
        (void)one.receive(digits_frame("1:a").size());
        one.send(digits_frame("news") + digits_frame("1:A") + digits_frame("more"));
        (void)one.receive_to_end();
    });
    auto one = connected(peer.where(), {.id = id_of, .pushed = pushed.slot()});
    EXPECT_EQ(pushed.next(), "welcome");
    EXPECT_EQ(pushed.next(), "to you");
    EXPECT_EQ(text_of(one.request("1:a")), "1:A");
    EXPECT_EQ(pushed.next(), "news");
    EXPECT_EQ(pushed.next(), "more");
}

TEST(client_matching, messages_between_replies_wait_until_they_are_received) {
    raw_peer peer([](raw_socket& one) {
        (void)one.receive(digits_frame("1:a").size());
        one.send(digits_frame("news") + digits_frame("1:A") + digits_frame("more"));
    });
    auto one = connected(peer.where(), {.id = id_of});
    EXPECT_EQ(text_of(one.request("1:a")), "1:A");
    EXPECT_EQ(text_of(one.receive()), "news");
    EXPECT_EQ(text_of(one.receive()), "more");
    EXPECT_EQ(code_of(one.receive()), errc::io_closed);
}

// Those who receive get what was sent, in order, and nothing is lost while they are slow.
TEST(client_matching, a_peer_is_not_read_from_while_nobody_receives) {
    constexpr int count = 3000;
    const std::string filler(1000, '.');
    raw_peer peer([&](raw_socket& one) {
        (void)one.receive(digits_frame("x").size());
        one.send(digits_frame("X"));
        for (int i = 0; i < count; ++i) one.send(digits_frame(std::to_string(i) + filler));
    });
    auto one = connected(peer.where(), {.limits = {.pushed_bytes_max = 10'000}});
    EXPECT_EQ(text_of(one.request_later("x").get()), "X");  // a thread reads from now on
    std::this_thread::sleep_for(milliseconds(50));
    for (int i = 0; i < count; ++i) {
        ASSERT_EQ(text_of(one.receive()), std::to_string(i) + filler) << i;
    }
}

TEST(client_matching, a_request_is_answered_however_much_nobody_receives) {
    constexpr int count = 1000;
    const std::string filler(1000, '.');
    raw_peer peer([&](raw_socket& one) {
        std::thread pushes([&] {
            for (int i = 0; i < count; ++i) one.send(digits_frame("0:" + filler));
            one.send(digits_frame("1:reply"));
        });
        (void)one.receive(digits_frame("1:x").size());
        pushes.join();
        (void)one.receive_to_end();
    });
    auto one = connected(peer.where(), {.limits = {.pushed_bytes_max = 10'000}, .id = id_of});
    EXPECT_EQ(text_of(one.receive()), "0:" + filler);
    EXPECT_EQ(text_of(one.request("1:x")), "1:reply");
    EXPECT_EQ(text_of(one.receive()), "0:" + filler);  // the latest of them
}

TEST(client_matching, a_skipped_frame_takes_the_place_of_its_reply) {
    raw_peer peer([](raw_socket& one) {
        (void)one.receive(2 * digits_frame("a").size());
        one.send(digits_frame("too much") + digits_frame("b"));
        (void)one.receive(digits_frame("c").size());
        one.send(digits_frame("c") + digits_frame("too much"));
        (void)one.receive_to_end();
    });
    auto one = connected(peer.where(), {}, "digits:10,max=4,oversize=skip");
    auto first = one.request_later("a");
    auto second = one.request_later("b");
    EXPECT_EQ(code_of(first.get()), errc::frame_too_large);
    EXPECT_EQ(text_of(second.get()), "b");
    EXPECT_EQ(text_of(one.request("c")), "c");
    EXPECT_EQ(code_of(one.receive()), errc::frame_too_large);
    EXPECT_TRUE(one.usable());
}

TEST(client_matching, two_that_both_send_first_do_not_wait_for_each_other) {
    raw_peer peer(echo_everything);
    auto one = connected(peer.where());
    const std::string large(8 * MiB, 'x');
    EXPECT_TRUE(text_of(one.request(large)) == large);
    EXPECT_TRUE(one.send(large));
    EXPECT_TRUE(text_of(one.receive()) == large);
}

TEST(client_matching, an_id_that_throws_is_the_error) {
    const running_server serving;
    auto one = connected(serving.local().text(),
                         {.id = [](bytes) -> std::string { throw std::runtime_error("no id"); }});
    const auto outcome = one.request("x");
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().words, "no id");
}

}  // namespace
}  // namespace framewire::tests::client_matching_tests
