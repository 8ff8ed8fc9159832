#include "eventually.hpp"
#include "recording_observer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <string>
#include <thread>

namespace framewire::tests::closing_tests {
namespace {

// More than one read, so that some of it is still unread when the service closes.
std::string closing_and_more() {
    return digits_frame("good") + digits_frame("exit") + std::string(90'000, 'x');
}

TEST(closing, replies_are_not_erased_by_what_the_client_still_sends) {
    for (int i = 0; i < 10; ++i) {
        const running_server serving({}, {.service = service_named("echo,until=exit")});
        auto one = serving.connect();
        one.send(closing_and_more());
        const auto words = one.receive_to_end();
        EXPECT_EQ(words.received, digits_frame("good") + digits_frame("exit"));
        EXPECT_EQ(words.how, ending::eof);
    }
}

// Its writes do not fail at once, which would keep many programs from reading the last reply.
TEST(closing, a_client_may_finish_what_it_is_sending) {
    const running_server serving({}, {.service = service_named("reply:bye,close")});
    auto one = serving.connect();
    one.send(closing_and_more());
    EXPECT_EQ(one.receive(13), digits_frame("bye"));
    const auto began = std::chrono::steady_clock::now();
    try {
        for (int i = 0; i < 4; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            one.send("more");
        }
    } catch (const std::exception& thrown) {
        const bool late =
            std::chrono::steady_clock::now() - began > std::chrono::milliseconds(800);
        if (late) GTEST_SKIP() << "this machine was too busy";
        FAIL() << thrown.what();
    }
    EXPECT_EQ(one.receive_to_end().how, ending::eof);
}

TEST(closing, nothing_after_the_last_payload_is_answered) {
    const running_server serving({}, {.service = service_named("echo,until=exit")});
    auto one = serving.connect();
    one.send(digits_frame("exit") + digits_frame("too late"));
    EXPECT_EQ(one.receive_to_end().received, digits_frame("exit"));
    EXPECT_EQ(serving.statistics().frames, 1U);
}

TEST(closing, a_client_that_goes_on_sending_is_let_go) {
    const running_server serving({}, {.service = service_named("reply:bye,close")});
    auto one = serving.connect();
    one.send(digits_frame("hello"));
    EXPECT_EQ(one.receive(13), digits_frame("bye"));
    // Both systems buffer some of it. Until the second in which a peer must leave is over, a
    // server without a bound would discard all.
    const std::string endless(200 * MiB, 'x');
    EXPECT_LT(one.send_until_refused(endless, std::chrono::milliseconds(500)), 40 * MiB);
    EXPECT_TRUE(serving.comes_to_have_open(0));
}

TEST(closing, a_client_that_never_leaves_is_let_go) {
    const running_server serving({}, {.service = service_named("reply:bye,close")});
    auto one = serving.connect();
    one.send(digits_frame("hello"));
    const auto words = one.receive_to_end();
    EXPECT_EQ(words.received, digits_frame("bye"));
    EXPECT_EQ(words.how, ending::eof);
    EXPECT_TRUE(serving.comes_to_have_open(0));
}

TEST(closing, good_frames_before_a_bad_one_are_answered) {
    recording_observer observer;
    const running_server serving({.observer = &observer});
    auto one = serving.connect();
    const auto good = digits_frame("one") + digits_frame("two");
    one.send(good + "00000+0005three" + std::string(90'000, 'x'));
    const auto words = one.receive_to_end();
    EXPECT_EQ(words.received, good);
    EXPECT_EQ(words.how, ending::eof);
    EXPECT_EQ(serving.failures(errc::frame_length_syntax), 1U);
    EXPECT_TRUE(eventually([&] { return observer.has("closed 1 frame.length_syntax"); }));
}

TEST(closing, an_end_inside_a_frame_is_counted_and_the_rest_answered) {
    const running_server serving;
    auto one = serving.connect();
    one.send(digits_frame("whole") + "0000000010half");
    one.send_end();
    const auto words = one.receive_to_end();
    EXPECT_EQ(words.received, digits_frame("whole"));
    EXPECT_EQ(words.how, ending::eof);
    EXPECT_EQ(serving.failures(errc::frame_truncated), 1U);
}

TEST(closing, a_reply_larger_than_the_queue_is_sent_before_the_end) {
    const std::string text(3 * MiB, 'r');
    const running_server serving({}, {.service = service_named("reply:" + text + ",close")});
    auto one = serving.connect(4 * KiB);
    one.send(digits_frame("hello"));
    const auto words = one.receive_to_end();
    EXPECT_EQ(words.received.size(), text.size() + 10);
    EXPECT_EQ(words.how, ending::eof);
}

TEST(closing, a_reply_that_cannot_be_framed_ends_the_connection) {
    const running_server serving({}, {.framing = "fixed:4", .service = service_named("reply:no")});
    auto one = serving.connect();
    one.send("four");
    EXPECT_EQ(one.receive_to_end().received, "");
    EXPECT_EQ(serving.failures(errc::frame_wrong_size), 1U);
}

// The same connection must not be counted twice when it fails while it is being ended.
TEST(closing, a_connection_fails_once) {
    const running_server serving({.limits = {.write_deadline = std::chrono::milliseconds(200)}},
                                 {.service = service_named("reply:" + std::string(8 * MiB, 'r'))});
    auto one = serving.connect(4 * KiB);
    one.send(digits_frame("hello") + "nonsense");
    ASSERT_TRUE(eventually([&] { return serving.statistics().bytes_sent > 0; }));
    EXPECT_TRUE(serving.comes_to_have_open(0));
    std::uint64_t all = 0;
    for (const auto count : serving.statistics().failures) all += count;
    EXPECT_EQ(all, 1U);
    EXPECT_EQ(one.receive_to_end().how, ending::reset);
}

}  // namespace
}  // namespace framewire::tests::closing_tests
