#include "eventually.hpp"
#include "failing_calls.hpp"
#include "recording_observer.hpp"
#include "resources.hpp"
#include "running_server.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <thread>
#include <variant>
#include <vector>

namespace framewire::tests::faults_b_accepting_tests {
namespace {

// No descriptor can be opened while it lives.
class no_descriptors {
public:
    no_descriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        auto lower = before_;
        const int next = ::dup(0);
        ::close(next);
        lower.rlim_cur = static_cast<rlim_t>(next) + 32;
        ::setrlimit(RLIMIT_NOFILE, &lower);
        while (true) {
            const int one = ::dup(0);
            if (one < 0) break;
            fillers_.push_back(one);
        }
    }
    ~no_descriptors() {
        for (const int one : fillers_) ::close(one);
        ::setrlimit(RLIMIT_NOFILE, &before_);
    }
    no_descriptors(const no_descriptors&) = delete;
    no_descriptors& operator=(const no_descriptors&) = delete;

private:
    rlimit before_{};
    std::vector<int> fillers_;
};

TEST(faults_b, row_45_connections_reset_in_the_backlog) {
    gate called;
    gate go_on;
    const running_server serving({}, {.service = service_from([&](bytes payload, outbox& replies) {
                                          called.open();
                                          go_on.pass();
                                          (void)replies.reply(payload);
                                      })});
    auto good = serving.connect();
    good.send(digits_frame("first"));
    called.pass();
    for (int i = 0; i < 50; ++i) serving.connect().reset();
    auto last = serving.connect();
    go_on.open();
    EXPECT_EQ(good.receive(15), digits_frame("first"));
    EXPECT_EQ(last.request("last"), digits_frame("last"));
    EXPECT_TRUE(serving.comes_to_have_open(2));
    EXPECT_EQ(serving.statistics().accepted, 52U);
}

TEST(faults_b, row_45_accept_goes_on_at_once) {
    const failing_calls_end then;
    const running_server serving;
    for (const int error : {ECONNABORTED, EPROTO, EINTR}) {
        fail_next(system_call::accept4, error, 400);
        EXPECT_EQ(serving.connect().request("taken"), digits_frame("taken")) << error;
        EXPECT_EQ(failures_left(system_call::accept4), 0) << error;
    }
    for (const auto count : serving.statistics().failures) EXPECT_EQ(count, 0U);
}

TEST(faults_b, row_46_out_of_descriptors) {
    recording_observer observer;
    const running_server serving({.observer = &observer});
    auto open = serving.connect();
    EXPECT_EQ(open.request("before"), digits_frame("before"));
    std::vector<raw_socket> waiting;
    for (int i = 0; i < 20; ++i) waiting.emplace_back(endpoint::family::ipv4);
    {
        const no_descriptors full;
        const auto began = std::chrono::steady_clock::now();
        const auto used = processor_time();
        for (auto& one : waiting) one.connect(serving.local());
        waiting.front().send(digits_frame("patience"));
        EXPECT_TRUE(serving.comes_to_count(errc::limit_fd, 5));
        EXPECT_EQ(open.request("goes on"), digits_frame("goes on"));
        EXPECT_FALSE(waiting.front().readable_within(std::chrono::milliseconds(200)));

        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        const std::chrono::duration<double> work = processor_time() - used;
        EXPECT_LT(work.count(), took.count() / 2) << "seconds of processor time";
        // One attempt in 50 ms.
        EXPECT_LE(static_cast<double>(serving.failures(errc::limit_fd)), took.count() * 20 + 2);
    }
    EXPECT_EQ(waiting.front().receive(18), digits_frame("patience"));
    for (auto& one : waiting) EXPECT_EQ(one.request("after"), digits_frame("after"));
    EXPECT_EQ(serving.statistics().accepted, 21U);
    EXPECT_TRUE(observer.has("refused limit.fd"));
}

TEST(faults_b, row_46_the_system_is_out_of_descriptors) {
    const failing_calls_end then;
    const running_server serving;
    fail_next(system_call::accept4, ENFILE, 3);
    EXPECT_EQ(serving.connect().request("taken"), digits_frame("taken"));
    EXPECT_EQ(serving.failures(errc::limit_fd), 3U);
}

TEST(faults_b, row_47_accept_is_out_of_memory) {
    const failing_calls_end then;
    const running_server serving;
    auto open = serving.connect();
    EXPECT_EQ(open.request("before"), digits_frame("before"));
    for (const int error : {ENOBUFS, ENOMEM}) {
        fail_next(system_call::accept4, error, 3);
        auto one = serving.connect();
        EXPECT_EQ(open.request("goes on"), digits_frame("goes on"));
        EXPECT_EQ(one.request("taken"), digits_frame("taken")) << error;
    }
}

TEST(faults_b, row_47_a_socket_that_cannot_be_watched_is_closed) {
    const failing_calls_end then;
    const running_server serving;
    auto open = serving.connect();
    EXPECT_EQ(open.request("before"), digits_frame("before"));
    for (const int error : {ENOMEM, ENOSPC}) {
        auto bad = raw_socket(endpoint::family::ipv4);
        fail_next(system_call::epoll_add, error);
        bad.connect(serving.local());
        EXPECT_NE(bad.receive_to_end().how, ending::silence);
        EXPECT_EQ(open.request("goes on"), digits_frame("goes on"));
        EXPECT_EQ(serving.connect().request("next"), digits_frame("next"));
    }
    EXPECT_TRUE(serving.comes_to_have_open(1));
}

// The open connection has something to say as soon as the first of the crowd is accepted, while
// the loop is still accepting: with the listener being told first or last, no more than two
// bounded cycles may pass before it is served.
class says_more_when_the_storm_begins final : public observer {
public:
    explicit says_more_when_the_storm_begins(raw_socket& speaks) : speaks_(speaks) {}
    void on(const peer& /*who*/, const occurrence& what) override {
        if (std::holds_alternative<occurred::opened>(what) && begins) {
            if (accepted++ == 0) speaks_.send(digits_frame("second"));
        }
        if (const auto* const found = std::get_if<occurred::received>(&what)) {
            if (found->payload.payload == "second") accepted_before_second = accepted.load();
        }
    }

    std::atomic<bool> begins{false};
    std::atomic<std::size_t> accepted{0};
    std::atomic<std::size_t> accepted_before_second{0};

private:
    raw_socket& speaks_;
};

TEST(faults_b, row_48_accept_storm_leaves_turns_to_open_connections) {
    constexpr std::size_t crowd_size = 400;
    constexpr std::size_t accepted_in_a_cycle = 64;
    gate called;
    gate go_on;
    raw_socket open(endpoint::family::ipv4);
    says_more_when_the_storm_begins observer(open);
    const running_server serving({.observer = &observer},
                                 {.service = service_from([&](bytes payload, outbox& replies) {
                                      called.open();
                                      go_on.pass();
                                      (void)replies.reply(payload);
                                  })});
    open.connect(serving.local());
    open.send(digits_frame("first"));
    called.pass();
    std::vector<raw_socket> crowd;
    for (std::size_t i = 0; i < crowd_size; ++i) {
        crowd.emplace_back(endpoint::family::ipv4).begin_to_connect(serving.local());
    }
    for (auto& one : crowd) ASSERT_TRUE(one.connected_within(test_timeout));
    observer.begins = true;
    go_on.open();
    EXPECT_EQ(open.receive(31), digits_frame("first") + digits_frame("second"));
    for (auto& one : crowd) EXPECT_EQ(one.request("me too"), digits_frame("me too"));
    EXPECT_GT(observer.accepted_before_second, 0U);
    EXPECT_LE(observer.accepted_before_second, 2 * accepted_in_a_cycle);
}

}  // namespace
}  // namespace framewire::tests::faults_b_accepting_tests
