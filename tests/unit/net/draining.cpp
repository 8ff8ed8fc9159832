#include "eventually.hpp"
#include "failing_calls.hpp"
#include "recording_observer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <optional>
#include <thread>
#include <vector>

namespace framewire::tests::draining_tests {
namespace {

using std::chrono::milliseconds;

TEST(draining, an_idle_server_ends_at_once) {
    running_server serving;
    serving.stop();
    EXPECT_TRUE(serving.ends_within(test_timeout));
}

TEST(draining, silent_connections_are_closed_in_order) {
    recording_observer observer;
    running_server serving({.observer = &observer});
    auto one = serving.connect();
    EXPECT_EQ(one.request("hello"), digits_frame("hello"));
    serving.stop();
    EXPECT_EQ(one.receive_to_end().how, ending::eof);
    one.close();
    EXPECT_TRUE(serving.ends_within(test_timeout));
    EXPECT_TRUE(observer.has("closed 1 by_drain"));
}

// While the service is busy, more arrives than one read takes, and more connections wait than a
// cycle accepts; all of it has been received by the system and is answered.
TEST(draining, what_was_received_is_answered) {
    gate called;
    gate go_on;
    running_server serving({}, {.service = service_from([&](bytes payload, outbox& replies) {
                                    called.open();
                                    go_on.pass();
                                    (void)replies.reply(payload);
                                })});
    auto one = serving.connect();
    one.send(digits_frame("first"));
    called.pass();
    std::string more;
    // Of 16 bytes each, so that every read ends between two frames.
    while (more.size() < 600'000) more += digits_frame("aligns");
    one.send(more);
    std::vector<raw_socket> backlog;
    for (int i = 0; i < 100; ++i) {
        backlog.push_back(serving.connect());
        backlog.back().send(digits_frame("waiting"));
    }
    serving.stop();
    go_on.open();
    const auto words = one.receive_to_end();
    EXPECT_EQ(words.received.size(), digits_frame("first").size() + more.size());
    EXPECT_EQ(words.how, ending::eof);
    for (auto& waiting : backlog) {
        const auto last = waiting.receive_to_end();
        EXPECT_EQ(last.received, digits_frame("waiting"));
        EXPECT_EQ(last.how, ending::eof);
        waiting.close();
    }
    one.close();
    EXPECT_TRUE(serving.ends_within(test_timeout));
}

// One connection that is lost while it waits (docs/faults.md, row 45) does not cost those behind
// it. The loop learns first of the connections and then of its end, so that the call that fails
// must come after what a cycle accepts.
TEST(draining, the_backlog_is_taken_through_failures) {
    const failing_calls_end then;
    for (const int error : {ECONNABORTED, EPROTO, EINTR}) {
        auto listening = server::listen("127.0.0.1:0", "digits:10", service_named("echo"));
        ASSERT_TRUE(listening);
        std::vector<raw_socket> backlog;
        for (int i = 0; i < 70; ++i) {
            backlog.emplace_back(listening->local()).send(digits_frame("waiting"));
        }
        listening->stop();
        fail_after(system_call::accept4, 66, error, 2);
        std::thread runs([&] { listening->run(); });
        for (auto& waiting : backlog) {
            EXPECT_EQ(waiting.receive_to_end().received, digits_frame("waiting")) << error;
            waiting.close();
        }
        runs.join();
        EXPECT_EQ(failures_left(system_call::accept4), 0);
    }
}

TEST(draining, nobody_is_accepted_any_more) {
    running_server serving;
    auto one = serving.connect();
    one.send("00000");
    ASSERT_TRUE(eventually([&] { return serving.statistics().bytes_received == 5; }));
    const auto at = serving.local();
    serving.stop();
    EXPECT_TRUE(eventually([&] {
        try {
            raw_socket late(at);
            return false;
        } catch (const std::exception&) {
            return true;
        }
    }));
    EXPECT_FALSE(serving.ends_within(milliseconds(50)));
}

TEST(draining, a_partial_frame_may_be_completed) {
    running_server serving;
    auto one = serving.connect();
    const auto frame = digits_frame("in two parts");
    one.send(frame.substr(0, 12));
    ASSERT_TRUE(eventually([&] { return serving.statistics().bytes_received == 12; }));
    serving.stop();
    EXPECT_FALSE(serving.ends_within(milliseconds(200)));
    one.send(frame.substr(12));
    const auto words = one.receive_to_end();
    EXPECT_EQ(words.received, frame);
    EXPECT_EQ(words.how, ending::eof);
    one.close();
    EXPECT_TRUE(serving.ends_within(test_timeout));
}

TEST(draining, ends_at_the_drain_deadline) {
    recording_observer observer;
    running_server serving({.drain = milliseconds(300), .observer = &observer});
    auto stuck = serving.connect();
    stuck.send("00000");
    ASSERT_TRUE(eventually([&] { return serving.statistics().bytes_received == 5; }));
    serving.stop();
    EXPECT_FALSE(serving.ends_within(milliseconds(100)));
    EXPECT_TRUE(serving.ends_within(milliseconds(4000)));
    EXPECT_EQ(serving.statistics().open, 0U);
    EXPECT_EQ(stuck.receive_to_end().how, ending::reset);
    EXPECT_TRUE(observer.has("closed 1 limit.drain"));
    EXPECT_EQ(serving.failures(errc::limit_drain), 1U);
}

TEST(draining, a_peer_that_does_not_read_does_not_hold_it_up) {
    running_server serving({.drain = milliseconds(300)},
                           {.service = service_named("reply:" + std::string(8 * MiB, 'r'))});
    auto stuck = serving.connect(4 * KiB);
    stuck.send(digits_frame("hello"));
    ASSERT_TRUE(eventually([&] { return serving.statistics().bytes_sent > 0; }));
    serving.stop();
    EXPECT_TRUE(serving.ends_within(milliseconds(4000)));
}

// All of it is with the system, which delivers it unless the connection is reset.
TEST(draining, what_was_sent_is_not_erased_when_it_ends) {
    const std::string text(256 * KiB, 'r');
    running_server serving({.drain = milliseconds(1)},
                           {.service = service_named("reply:" + text + ",close")});
    auto one = serving.connect(4 * KiB);
    one.send(digits_frame("hello"));
    ASSERT_TRUE(eventually([&] { return serving.statistics().bytes_sent == text.size() + 10; }));
    serving.stop();
    EXPECT_TRUE(serving.ends_within(test_timeout));
    const auto words = one.receive_to_end();
    EXPECT_EQ(words.received.size(), text.size() + 10);
    EXPECT_EQ(words.how, ending::eof);
}

TEST(draining, a_second_stop_ends_it_at_once) {
    running_server serving;
    auto stuck = serving.connect();
    stuck.send("00000");
    ASSERT_TRUE(eventually([&] { return serving.statistics().bytes_received == 5; }));
    serving.stop();
    EXPECT_FALSE(serving.ends_within(milliseconds(100)));
    serving.stop();
    EXPECT_TRUE(serving.ends_within(milliseconds(4000)));
    EXPECT_NE(stuck.receive_to_end().how, ending::silence);
}

TEST(draining, what_is_finished_is_not_cut_off) {
    recording_observer observer;
    running_server serving({.observer = &observer});
    auto one = serving.connect();
    EXPECT_EQ(one.request("hello"), digits_frame("hello"));
    serving.stop();
    serving.stop();
    EXPECT_TRUE(serving.ends_within(test_timeout));
    EXPECT_TRUE(observer.has("closed 1 by_drain"));
    EXPECT_EQ(serving.failures(errc::limit_drain), 0U);
}

// Those that close make room for those that wait.
TEST(draining, out_of_descriptors_it_waits_for_some) {
    const failing_calls_end then;
    auto listening = server::listen("127.0.0.1:0", "digits:10", service_named("echo"));
    ASSERT_TRUE(listening);
    std::vector<raw_socket> backlog;
    for (int i = 0; i < 5; ++i) {
        backlog.emplace_back(listening->local()).send(digits_frame("waiting"));
    }
    listening->stop();
    fail_after(system_call::accept4, 2, EMFILE, 3);
    std::thread runs([&] { (void)listening->run(); });
    for (auto& waiting : backlog) {
        EXPECT_EQ(waiting.receive_to_end().received, digits_frame("waiting"));
        waiting.close();
    }
    runs.join();
}

TEST(draining, without_descriptors_it_ends_at_the_deadline) {
    const failing_calls_end then;
    running_server serving({.drain = milliseconds(100)});
    fail_next(system_call::accept4, EMFILE, 1'000'000);
    raw_socket waiting(serving.local());
    serving.stop();
    EXPECT_TRUE(serving.ends_within(test_timeout));
}

// However many connect meanwhile, and whatever becomes of them.
TEST(draining, accepting_what_waits_has_an_end) {
    const failing_calls_end then;
    running_server serving;
    fail_next(system_call::accept4, ECONNABORTED, 1'000'000'000);
    serving.stop();
    EXPECT_TRUE(serving.ends_within(test_timeout));
}

TEST(draining, a_multiple_of_what_one_cycle_accepts) {
    auto listening = server::listen("127.0.0.1:0", "digits:10", service_named("echo"));
    ASSERT_TRUE(listening);
    std::vector<raw_socket> backlog;
    for (int i = 0; i < 64; ++i) backlog.emplace_back(listening->local());
    listening->stop();
    std::thread runs([&] { (void)listening->run(); });
    for (auto& waiting : backlog) {
        EXPECT_EQ(waiting.receive_to_end().how, ending::eof);
        waiting.close();
    }
    runs.join();
}

TEST(draining, stopped_before_it_runs) {
    auto listening = server::listen("127.0.0.1:0", "digits:10", service_named("echo"));
    ASSERT_TRUE(listening);
    raw_socket waiting(listening->local());
    waiting.send(digits_frame("early"));
    waiting.send_end();
    listening->stop();
    listening->run();
    EXPECT_EQ(waiting.receive_to_end().received, digits_frame("early"));
}

TEST(draining, a_termination_signal_stops_it) {
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        auto listening = server::listen("127.0.0.1:0", "digits:10", service_named("echo"));
        ASSERT_TRUE(listening);
        listening->stop_on_signals();
        std::thread runs([&] { listening->run(); });
        raw_socket one(listening->local());
        EXPECT_EQ(one.request("hello"), digits_frame("hello"));
        ::kill(::getpid(), signal);
        EXPECT_EQ(one.receive_to_end().how, ending::eof);
        one.close();
        runs.join();
    }
}

// As a terminal that is closed sends it, again and again.
TEST(draining, the_second_hangup_changes_nothing) {
    auto listening = server::listen("127.0.0.1:0", "digits:10", service_named("echo"));
    ASSERT_TRUE(listening);
    listening->stop_on_signals();
    std::thread runs([&] { (void)listening->run(); });
    raw_socket one(listening->local());
    const auto frame = digits_frame("in two parts");
    one.send(frame.substr(0, 12));
    EXPECT_TRUE(eventually([&] { return listening->statistics().bytes_received == 12; }));
    for (int i = 0; i < 5; ++i) ::kill(::getpid(), SIGHUP);
    one.send(frame.substr(12));
    EXPECT_EQ(one.receive_to_end().received, frame);
    one.close();
    runs.join();
}

TEST(draining, a_hangup_that_is_ignored_stays_ignored) {
    struct sigaction ignored {};
    struct sigaction before {};
    ignored.sa_handler = SIG_IGN;
    ASSERT_EQ(::sigaction(SIGHUP, &ignored, &before), 0);
    auto listening = server::listen("127.0.0.1:0", "digits:10", service_named("echo"));
    ASSERT_TRUE(listening);
    listening->stop_on_signals();
    struct sigaction now {};
    ASSERT_EQ(::sigaction(SIGHUP, &before, &now), 0);
    EXPECT_EQ(now.sa_handler, SIG_IGN);
}

TEST(draining, any_signal_may_have_a_meaning) {
    auto listening = server::listen("127.0.0.1:0", "digits:10", service_named("echo"));
    ASSERT_TRUE(listening);
    gate called;
    listening->on_signal(SIGUSR1, [&] { called.open(); });
    std::thread runs([&] { (void)listening->run(); });
    ::kill(::getpid(), SIGUSR1);
    called.pass();
    listening->stop();
    runs.join();
    listening = tl::unexpected(failure{});
    struct sigaction now {};
    ASSERT_EQ(::sigaction(SIGUSR1, nullptr, &now), 0);
    EXPECT_EQ(now.sa_handler, SIG_DFL);
}

TEST(draining, with_threads_all_of_them_end) {
    running_server serving({.threads = 4});
    std::vector<raw_socket> crowd;
    for (int i = 0; i < 40; ++i) crowd.push_back(serving.connect());
    for (auto& one : crowd) EXPECT_EQ(one.request("hello"), digits_frame("hello"));
    serving.stop();
    for (auto& one : crowd) {
        EXPECT_EQ(one.receive_to_end().how, ending::eof);
        one.close();
    }
    EXPECT_TRUE(serving.ends_within(test_timeout));
    EXPECT_EQ(serving.statistics().open, 0U);
}

}  // namespace
}  // namespace framewire::tests::draining_tests
