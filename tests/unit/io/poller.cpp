#include "io/poller.hpp"
#include "failing_calls.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <functional>
#include <optional>
#include <vector>

namespace framewire::tests::poller_tests {
namespace {

using namespace std::chrono_literals;

// Two connected sockets; ours is watched.
class pair_of_sockets {
public:
    pair_of_sockets() {
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, both_.data()), 0);
    }
    pair_of_sockets(const pair_of_sockets&) = delete;
    pair_of_sockets& operator=(const pair_of_sockets&) = delete;
    ~pair_of_sockets() {
        for (const int one : both_) ::close(one);
    }
    [[nodiscard]] int ours() const { return both_[0]; }
    void arrive() const { EXPECT_EQ(::send(both_[1], "x", 1, 0), 1); }
    void take() const {
        char byte = 0;
        EXPECT_EQ(::recv(both_[0], &byte, 1, 0), 1);
    }
    void end() const { EXPECT_EQ(::shutdown(both_[1], SHUT_WR), 0); }
    // Until the system takes no more.
    void fill() const {
        const std::array<char, 4096> some{};
        while (::send(both_[0], some.data(), some.size(), 0) > 0) continue;
    }

private:
    std::array<int, 2> both_{};
};

class told final : public pollable {
public:
    void ready(interest found) override {
        all.push_back(found);
        if (then) then();
    }
    std::vector<interest> all;
    std::function<void()> then;
};

constexpr interest input{.readable = true};
constexpr interest output{.writable = true};
constexpr interest both{.readable = true, .writable = true};

TEST(poller, tells_nobody_when_the_time_is_over) {
    poller waiting;
    const pair_of_sockets pair;
    told one;
    ASSERT_TRUE(waiting.add(pair.ours(), one, input));
    waiting.wait(0ns);
    waiting.dispatch();
    EXPECT_TRUE(one.all.empty());
}

TEST(poller, tells_what_is_ready_until_it_is_no_more) {
    poller waiting;
    const pair_of_sockets pair;
    told one;
    ASSERT_TRUE(waiting.add(pair.ours(), one, input));
    pair.arrive();
    for (int i = 0; i < 2; ++i) {
        waiting.wait(-1ns);
        waiting.dispatch();
    }
    EXPECT_EQ(one.all, (std::vector{input, input}));
    pair.take();
    waiting.wait(0ns);
    waiting.dispatch();
    EXPECT_EQ(one.all.size(), 2U);
}

TEST(poller, tells_only_what_is_waited_for) {
    poller waiting;
    const pair_of_sockets pair;
    told one;
    ASSERT_TRUE(waiting.add(pair.ours(), one, output));
    pair.arrive();
    waiting.wait(-1ns);
    waiting.dispatch();
    ASSERT_TRUE(waiting.change(pair.ours(), one, both));
    waiting.wait(-1ns);
    waiting.dispatch();
    pair.fill();
    waiting.wait(-1ns);
    waiting.dispatch();
    EXPECT_EQ(one.all, (std::vector{output, both, input}));
}

TEST(poller, tells_an_end_and_an_error_as_input) {
    poller waiting;
    const pair_of_sockets ended;
    told one;
    ASSERT_TRUE(waiting.add(ended.ours(), one, input));
    ended.end();
    waiting.wait(-1ns);
    waiting.dispatch();
    EXPECT_EQ(one.all, std::vector{input});

    // The end of a pipe that nobody reads from has an error, whatever it is watched for.
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    told other;
    poller second;
    ASSERT_TRUE(second.add(pipe[1], other, interest{}));
    ::close(pipe[0]);
    second.wait(-1ns);
    second.dispatch();
    EXPECT_EQ(other.all, std::vector{input});
    ::close(pipe[1]);
}

TEST(poller, tells_nothing_of_what_was_removed) {
    poller waiting;
    const pair_of_sockets pair;
    told one;
    ASSERT_TRUE(waiting.add(pair.ours(), one, input));
    pair.arrive();
    waiting.remove(pair.ours());
    waiting.wait(0ns);
    waiting.dispatch();
    EXPECT_TRUE(one.all.empty());
    ASSERT_TRUE(waiting.add(pair.ours(), one, input));
    waiting.wait(-1ns);
    waiting.dispatch();
    EXPECT_EQ(one.all, std::vector{input});
}

TEST(poller, tells_all_who_were_ready_though_some_go_meanwhile) {
    poller waiting;
    const std::array<pair_of_sockets, 3> pairs;
    std::array<told, 3> ones;
    for (std::size_t i = 0; i < 3; ++i) {
        ASSERT_TRUE(waiting.add(pairs.at(i).ours(), ones.at(i), input));
        ones.at(i).then = [&] {
            for (const auto& pair : pairs) waiting.remove(pair.ours());
        };
        pairs.at(i).arrive();
    }
    waiting.wait(-1ns);
    waiting.dispatch();
    waiting.wait(0ns);
    waiting.dispatch();
    // Told once by the round in which they were removed, and never again.
    for (const auto& one : ones) EXPECT_EQ(one.all.size(), 1U);
}

TEST(poller, says_what_cannot_be_watched) {
    poller waiting;
    const pair_of_sockets pair;
    told one;
    EXPECT_FALSE(waiting.add(-1, one, input));
    EXPECT_EQ(errno, EBADF);
    ASSERT_TRUE(waiting.add(pair.ours(), one, input));
    EXPECT_FALSE(waiting.add(pair.ours(), one, input));
    EXPECT_EQ(errno, EEXIST);
}

// A wait that ended early would be repeated until the time has come: many times in its last
// millisecond.
TEST(poller, waits_no_less_than_it_was_told) {
    poller waiting;
    for (const auto time : {1ns, 999'999ns, 1'000'001ns, 20'500'000ns}) {
        const auto began = std::chrono::steady_clock::now();
        waiting.wait(time);
        EXPECT_GE(std::chrono::steady_clock::now() - began, time) << time.count();
    }
}

// One that cannot wait does not spin, and says so when it has failed for long enough.
TEST(poller, fails_for_good_or_for_a_while) {
    const failing_calls_end then;
    poller waiting;
    const pair_of_sockets pair;
    told one;
    ASSERT_TRUE(waiting.add(pair.ours(), one, input));
    pair.arrive();
    fail_next(system_call::epoll_wait, ENOMEM, 2);
    for (int i = 0; i < 3; ++i) {
        waiting.wait(0ns);
        waiting.dispatch();
        EXPECT_EQ(waiting.broken(), 0);
    }
    EXPECT_EQ(one.all, std::vector{input});

    fail_next(system_call::epoll_wait, EBADF, 1000);
    const auto began = std::chrono::steady_clock::now();
    int waits = 0;
    for (; waiting.broken() == 0; ++waits) waiting.wait(0ns);
    EXPECT_EQ(waiting.broken(), EBADF);
    EXPECT_EQ(waits, poller::failures_max);
    EXPECT_GE(std::chrono::steady_clock::now() - began,
              poller::failures_max * poller::failure_pause);
}

TEST(poller, an_interruption_is_no_failure) {
    const failing_calls_end then;
    poller waiting;
    fail_next(system_call::epoll_wait, EINTR, 1000);
    for (int i = 0; i < 1000; ++i) waiting.wait(0ns);
    EXPECT_EQ(waiting.broken(), 0);
}

TEST(poller, waits_for_ever_where_the_time_is_beyond_counting) {
    poller waiting;
    const pair_of_sockets pair;
    told one;
    ASSERT_TRUE(waiting.add(pair.ours(), one, input));
    pair.arrive();
    waiting.wait(std::chrono::nanoseconds::max());
    waiting.dispatch();
    EXPECT_EQ(one.all, std::vector{input});
}

}  // namespace
}  // namespace framewire::tests::poller_tests
