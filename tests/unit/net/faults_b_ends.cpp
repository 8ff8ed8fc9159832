#include "eventually.hpp"
#include "resources.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <atomic>
#include <csignal>

namespace framewire::tests::faults_b_ends_tests {
namespace {

// A service that tells when it has been called and answers only when it may.
struct held_service {
    gate called;
    gate may_answer;

    [[nodiscard]] serving serving_it() {
        return {.service = service_from([this](bytes payload, outbox& replies) {
                    called.open();
                    may_answer.pass();
                    (void)replies.reply(payload);
                })};
    }
};

std::atomic<int> pipe_signals{0};

TEST(faults_b, row_40_half_close_answers_everything) {
    const running_server serving;
    auto one = serving.connect();
    std::string sent;
    for (int i = 0; i < 1000; ++i) sent += digits_frame(std::to_string(i));
    one.send(sent);
    one.send_end();
    const auto words = one.receive_to_end();
    EXPECT_EQ(words.received, sent);
    EXPECT_EQ(words.how, ending::eof);
}

TEST(faults_b, row_40_half_close_of_a_peer_that_reads_late) {
    const running_server serving({.limits = {.queued_bytes_max = 8 * KiB}});
    auto one = serving.connect(4 * KiB);
    std::string sent;
    for (int i = 0; i < 60; ++i) sent += digits_frame(std::string(1000, 'x'));
    one.send(sent);
    one.send_end();
    const auto words = one.receive_to_end();
    EXPECT_EQ(words.received, sent);
    EXPECT_EQ(words.how, ending::eof);
}

TEST(faults_b, row_41_reset_in_the_middle_of_a_frame) {
    const running_server serving;
    auto good = serving.connect();
    auto bad = serving.connect();
    EXPECT_EQ(bad.request("before"), digits_frame("before"));
    bad.send("0000000100half");
    ASSERT_TRUE(eventually([&] { return serving.statistics().bytes_received >= 30; }));
    bad.reset();
    EXPECT_TRUE(serving.comes_to_count(errc::io_reset));
    EXPECT_TRUE(serving.comes_to_have_open(1));
    EXPECT_EQ(good.request("still here"), digits_frame("still here"));
    EXPECT_EQ(serving.failures(errc::frame_truncated), 0U);
}

TEST(faults_b, row_41_reset_while_replies_are_queued) {
    const running_server serving({.limits = {.queued_bytes_max = 64 * KiB}},
                                 {.service = service_named("reply:" + std::string(1 * MiB, 'r'))});
    auto bad = serving.connect(4 * KiB);
    for (int i = 0; i < 50; ++i) bad.send(digits_frame("more"));
    ASSERT_TRUE(eventually([&] { return serving.statistics().bytes_sent > 0; }));
    EXPECT_EQ(bad.receive(10), "0001048576");
    bad.reset();
    EXPECT_TRUE(serving.comes_to_count(errc::io_reset));
    EXPECT_TRUE(serving.comes_to_have_open(0));
    EXPECT_LT(serving.statistics().frames, 50U);
    auto next = serving.connect();
    next.send(digits_frame("one"));
    EXPECT_EQ(next.receive(1 * MiB + 10).size(), 1 * MiB + 10);
}

TEST(faults_b, row_42_connect_send_reset_loop) {
    const running_server serving;
    auto good = serving.connect();
    EXPECT_EQ(good.request("first"), digits_frame("first"));
    const auto descriptors = open_descriptors();
    for (int i = 0; i < 500; ++i) {
        auto one = serving.connect();
        one.send(digits_frame("never read"));
        one.reset();
    }
    EXPECT_EQ(good.request("still here"), digits_frame("still here"));
    EXPECT_TRUE(serving.comes_to_have_open(1));
    EXPECT_TRUE(eventually([&] { return serving.statistics().accepted == 501; }));
    EXPECT_TRUE(eventually([&] { return open_descriptors() == descriptors; }))
        << open_descriptors() << " descriptors, before " << descriptors;
}

// A peer that has ended its stream and is then gone is the case in which writing answers EPIPE and
// raises SIGPIPE.
TEST(faults_b, row_43_a_broken_pipe_raises_no_signal) {
    pipe_signals = 0;
    struct sigaction count {};
    struct sigaction before {};
    count.sa_handler = [](int) { ++pipe_signals; };
    ::sigaction(SIGPIPE, &count, &before);
    {
        held_service service;
        const running_server serving({}, service.serving_it());
        auto bad = serving.connect();
        bad.send(digits_frame("to be answered"));
        service.called.pass();
        bad.send_end();
        bad.reset();
        service.may_answer.open();
        EXPECT_TRUE(serving.comes_to_count(errc::io_reset));
        EXPECT_TRUE(serving.comes_to_have_open(0));
        EXPECT_EQ(serving.connect().request("next"), digits_frame("next"));
    }
    ::sigaction(SIGPIPE, &before, nullptr);
    EXPECT_EQ(pipe_signals, 0);
}

}  // namespace
}  // namespace framewire::tests::faults_b_ends_tests
