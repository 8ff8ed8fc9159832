#include "eventually.hpp"
#include "failing_calls.hpp"
#include "recording_observer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <thread>

namespace framewire::tests::faults_b_system_calls_tests {
namespace {

std::string many_frames() {
    std::string out;
    for (std::size_t i = 0; i < 300; ++i) out += digits_frame(std::string(1 + i % 50, 'a'));
    return out;
}

TEST(faults_b, row_44_short_reads_and_writes) {
    const failing_calls_end then;
    const running_server serving;
    auto one = serving.connect();
    const auto sent = many_frames();
    for (const std::size_t step : {1U, 7U}) {
        move_at_most(step);
        one.send(sent);
        EXPECT_EQ(one.receive(sent.size()), sent) << step << " bytes at a time";
    }
    move_at_most(1);
    one.send(sent);
    one.send_end();
    const auto words = one.receive_to_end();
    EXPECT_EQ(words.received, sent);
    EXPECT_EQ(words.how, ending::eof);
}

TEST(faults_b, row_44_smallest_socket_buffers) {
    const failing_calls_end then;
    const running_server serving;
    auto one = serving.connect(1);
    const auto sent = many_frames();
    std::thread sender([&] { one.send(sent); });
    const auto received = one.receive(sent.size());
    sender.join();
    EXPECT_EQ(received, sent);
}

TEST(faults_b, row_44_one_byte_at_a_time) {
    const failing_calls_end then;
    const running_server serving;
    auto one = serving.connect();
    const auto sent = digits_frame("one byte") + digits_frame("at a time");
    for (const char byte : sent) one.send({&byte, 1});
    EXPECT_EQ(one.receive(sent.size()), sent);
}

TEST(faults_b, row_44_calls_to_be_repeated) {
    const failing_calls_end then;
    const running_server serving;
    for (const int error : {EINTR, EAGAIN}) {
        auto one = serving.connect();
        EXPECT_EQ(one.request("before"), digits_frame("before"));
        fail_next(system_call::recv, error, 3);
        fail_next(system_call::send, error, 3);
        EXPECT_EQ(one.request("goes on"), digits_frame("goes on")) << error;
        EXPECT_EQ(failures_left(system_call::recv), 0);
        EXPECT_EQ(failures_left(system_call::send), 0);
    }
    EXPECT_EQ(serving.failures(errc::io_failed), 0U);
}

TEST(faults_b, row_44_a_call_that_fails_costs_its_connection_only) {
    const failing_calls_end then;
    const running_server serving;
    auto good = serving.connect();
    std::uint64_t failed = 0;
    for (const auto call : {system_call::recv, system_call::send}) {
        for (const int error : {ECONNRESET, ETIMEDOUT, ENOTCONN, EHOSTUNREACH, ENOBUFS, ENOMEM}) {
            auto bad = serving.connect();
            EXPECT_EQ(good.request("before"), digits_frame("before"));
            fail_next(call, error);
            bad.send(digits_frame("fails"));
            const auto words = bad.receive_to_end();
            EXPECT_EQ(words.received, "") << error;
            EXPECT_NE(words.how, ending::silence) << error;
            ++failed;
            EXPECT_TRUE(eventually([&] {
                return serving.failures(errc::io_failed) + serving.failures(errc::io_reset) ==
                       failed;
            })) << error;
            EXPECT_EQ(good.request("after"), digits_frame("after")) << error;
        }
    }
    EXPECT_TRUE(serving.comes_to_have_open(1));
}

// A handler without SA_RESTART, and a storm of signals at the server's thread while it works.
TEST(faults_b, row_44_signals_interrupt_nothing) {
    const failing_calls_end then;
    static std::atomic<int> signals;
    signals = 0;
    struct sigaction count {};
    struct sigaction before {};
    count.sa_handler = [](int) { ++signals; };
    ::sigaction(SIGUSR1, &count, &before);
    {
        std::atomic<pthread_t> server_thread{};
        const running_server serving({},
                                     {.service = service_from([&](bytes payload, outbox& replies) {
                                          server_thread = ::pthread_self();
                                          (void)replies.reply(payload);
                                      })});
        auto one = serving.connect();
        EXPECT_EQ(one.request("who are you?"), digits_frame("who are you?"));
        std::atomic<bool> storming{true};
        std::thread storm([&] {
            while (storming) {
                ::pthread_kill(server_thread, SIGUSR1);
                std::this_thread::sleep_for(std::chrono::microseconds(20));
            }
        });
        for (int i = 0; i < 300; ++i) {
            const auto payload = std::to_string(i);
            EXPECT_EQ(one.request(payload), digits_frame(payload));
            EXPECT_EQ(serving.connect().request(payload), digits_frame(payload));
        }
        storming = false;
        storm.join();
        EXPECT_EQ(serving.failures(errc::io_failed), 0U);
    }
    ::sigaction(SIGUSR1, &before, nullptr);
    EXPECT_GT(signals, 10);
}

TEST(faults_b, row_47_a_connection_that_cannot_be_polled_otherwise_ends) {
    const failing_calls_end then;
    recording_observer observer;
    running_server serving({.observer = &observer},
                           {.service = service_named("reply:" + std::string(8 * MiB, 'r'))});
    auto other = serving.connect();
    auto one = serving.connect(4 * KiB);
    fail_next(system_call::epoll_change, ENOMEM);
    one.send(digits_frame("more than the kernel takes at once"));
    EXPECT_NE(one.receive_to_end().how, ending::silence);
    EXPECT_TRUE(serving.comes_to_count(errc::io_failed));
    EXPECT_TRUE(eventually([&] { return observer.has("closed 2 io.failed"); }));
    other.send(digits_frame("next"));
    EXPECT_EQ(other.receive(10), "0008388608");
}

TEST(faults_b, row_47_waiting_fails_for_a_while) {
    const failing_calls_end then;
    const running_server serving;
    auto one = serving.connect();
    fail_next(system_call::epoll_wait, ENOMEM, 10);
    EXPECT_EQ(one.request("later"), digits_frame("later"));
    EXPECT_EQ(serving.failures(errc::io_failed), 0U);
}

// The server ends and says why, instead of asking the system for ever.
TEST(faults_b, row_47_waiting_fails_for_good) {
    constexpr int many = 1'000'000;
    for (const unsigned threads : {1U, 3U}) {
        const failing_calls_end then;
        recording_observer observer;
        auto listening = server::listen("127.0.0.1:0", "digits:10", service_named("echo"),
                                        {.threads = threads, .observer = &observer});
        ASSERT_TRUE(listening);
        result<void> ended;
        std::thread runs([&] { ended = listening->run(); });
        raw_socket one(listening->local());
        EXPECT_EQ(one.request("before"), digits_frame("before"));
        fail_next(system_call::epoll_wait, EBADF, many);
        one.send(digits_frame("after"));
        runs.join();
        ASSERT_FALSE(ended);
        EXPECT_EQ(ended.error().words, "cannot wait for connections: " + system_words(EBADF));
        EXPECT_TRUE(observer.has("closed 1 io.failed"));
        EXPECT_GT(failures_left(system_call::epoll_wait), many - 1000);
    }
}

}  // namespace
}  // namespace framewire::tests::faults_b_system_calls_tests
