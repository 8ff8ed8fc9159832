#include "eventually.hpp"
#include "failing_calls.hpp"
#include "recording_observer.hpp"
#include "resources.hpp"
#include "running_server.hpp"
#include "scratch_path.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <atomic>
#include <cerrno>
#include <future>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace framewire::tests::threads_tests {
namespace {

TEST(threads, many_clients_share_the_port_and_the_statistics_add_up) {
    constexpr int clients_per_thread = 15;
    constexpr int asked = 20;
    recording_observer observer;
    running_server serving({.threads = 4, .observer = &observer});
    std::vector<std::thread> crowd;
    std::atomic<int> wrong{0};
    for (int t = 0; t < 4; ++t) {
        crowd.emplace_back([&] {
            for (int c = 0; c < clients_per_thread; ++c) {
                auto one = serving.connect();
                for (int i = 0; i < asked; ++i) {
                    if (one.request("1234567890") != digits_frame("1234567890")) ++wrong;
                }
            }
        });
    }
    for (auto& thread : crowd) thread.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_TRUE(serving.comes_to_have_open(0));
    constexpr std::uint64_t clients = 4 * clients_per_thread;
    const auto counts = serving.statistics();
    EXPECT_EQ(counts.accepted, clients);
    EXPECT_EQ(counts.frames, clients * asked);
    EXPECT_EQ(counts.bytes_received, clients * asked * 20);
    EXPECT_EQ(counts.bytes_sent, counts.bytes_received);
    for (const auto count : counts.failures) EXPECT_EQ(count, 0U);
    EXPECT_EQ(observer.count("opened"), clients);
    EXPECT_EQ(observer.count("closed"), clients);
}

TEST(threads, work_is_shared) {
    std::mutex mutex;
    std::set<std::thread::id> seen;
    const running_server serving({.threads = 4},
                                 {.service = service_from([&](bytes payload, outbox& replies) {
                                      {
                                          const std::lock_guard lock(mutex);
                                          seen.insert(std::this_thread::get_id());
                                      }
                                      (void)replies.reply(payload);
                                  })});
    for (int i = 0; i < 200; ++i) EXPECT_EQ(serving.connect().request("x"), digits_frame("x"));
    const std::lock_guard lock(mutex);
    EXPECT_GE(seen.size(), 2U);
}

TEST(threads, stop_from_any_of_them) {
    running_server serving({.threads = 3});
    auto one = serving.connect();
    EXPECT_EQ(one.request("hello"), digits_frame("hello"));
    std::vector<std::thread> all;
    for (int i = 0; i < 4; ++i) all.emplace_back([&] { serving.stop(); });
    for (auto& thread : all) thread.join();
    EXPECT_TRUE(serving.ends_within(test_timeout));
}

TEST(threads, statistics_may_be_asked_for_at_any_time) {
    const running_server serving({.threads = 2});
    std::atomic<bool> over{false};
    std::thread asks([&] {
        std::uint64_t last = 0;
        while (!over) {
            const auto counts = serving.statistics();
            EXPECT_GE(counts.frames, last);
            last = counts.frames;
        }
    });
    for (int i = 0; i < 100; ++i) EXPECT_EQ(serving.connect().request("x"), digits_frame("x"));
    over = true;
    asks.join();
    EXPECT_EQ(serving.statistics().frames, 100U);
}

// Those that were had are given back, and nobody has connected yet.
TEST(threads, one_that_cannot_be_had_is_a_failure) {
    const failing_calls_end then;
    const auto before = open_descriptors();
    for (const int had : {0, 2}) {
        fail_after(system_call::pthread_create, had, EAGAIN);
        const auto listening =
            server::listen("127.0.0.1:0", "digits:10", service_named("echo"), {.threads = 8});
        ASSERT_FALSE(listening);
        EXPECT_EQ(listening.error().words,
                  fmt::format("cannot start thread {} of 8: {}", had + 2, system_words(EAGAIN)));
        EXPECT_FALSE(listening.error().hint.empty());
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST(threads, a_server_that_never_runs_ends_them) {
    for (int i = 0; i < 20; ++i) {
        const auto listening =
            server::listen("127.0.0.1:0", "digits:10", service_named("echo"), {.threads = 4});
        ASSERT_TRUE(listening);
    }
}

// Both find the port free; one of them has it.
TEST(threads, two_servers_cannot_share_a_port) {
    for (int i = 0; i < 30; ++i) {
        std::string where;
        {
            const auto free = server::listen("127.0.0.1:0", "digits:10", service_named("echo"));
            ASSERT_TRUE(free);
            where = free->local().text();
        }
        const auto start = [&] {
            return server::listen(where, "digits:10", service_named("echo"), {.threads = 3});
        };
        auto other = std::async(std::launch::async, start);
        const auto one = start();
        const auto two = other.get();
        EXPECT_NE(one.has_value(), two.has_value());
    }
}

TEST(threads, zero_means_one) {
    const running_server serving({.threads = 0});
    EXPECT_EQ(serving.connect().request("x"), digits_frame("x"));
}

TEST(threads, a_local_socket_is_shared_as_well) {
    const scratch_path path("threads.sock");
    const auto where = path.address();
    const running_server serving({.threads = 3}, {.address = where});
    std::vector<raw_socket> crowd;
    for (int i = 0; i < 30; ++i) crowd.push_back(serving.connect());
    for (auto& one : crowd) EXPECT_EQ(one.request("local"), digits_frame("local"));
    EXPECT_EQ(serving.statistics().accepted, 30U);
}

}  // namespace
}  // namespace framewire::tests::threads_tests
