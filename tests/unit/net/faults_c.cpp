// Services that reply later and speak first, and what they and their peers may do wrong.

#include "eventually.hpp"
#include "net/event_loop.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace framewire::tests::faults_c_tests {
namespace {

using std::chrono::milliseconds;

// What the service has put aside, for the thread of the test.
template <class T>
class desk {
public:
    void put(T one) {
        const std::lock_guard lock(mutex_);
        all_.push_back(std::move(one));
    }
    T take() {
        EXPECT_TRUE(eventually([&] {
            const std::lock_guard lock(mutex_);
            return !all_.empty();
        }));
        const std::lock_guard lock(mutex_);
        if (all_.empty()) return {};
        auto one = std::move(all_.front());
        all_.erase(all_.begin());
        return one;
    }

private:
    std::mutex mutex_;
    std::vector<T> all_;
};

// Puts the reply to `later` aside; forgets that to `forget`; echoes all else.
struct deferring {
    std::shared_ptr<desk<deferred_reply>> owed = std::make_shared<desk<deferred_reply>>();

    [[nodiscard]] serving serves() const {
        return {.service = service_from([owed = owed](bytes payload, outbox& replies) {
                    if (payload == "later") return owed->put(replies.defer());
                    if (payload == "forget") return (void)replies.defer();
                    (void)replies.reply(payload);
                })};
    }
};

TEST(faults_c, row_54_an_outbox_that_is_used_outside_of_its_call) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    event_loop loop;
    auto& replies = loop.replies();
    EXPECT_DEBUG_DEATH(EXPECT_EQ(replies.reply("a").error(), errc::service_outside_call),
                       "an outbox belongs to the call");
    EXPECT_DEBUG_DEATH(EXPECT_FALSE(replies.defer().owed()), "an outbox belongs to the call");
    EXPECT_DEBUG_DEATH(EXPECT_FALSE(replies.handle().connected()),
                       "an outbox belongs to the call");
}

TEST(faults_c, row_55_a_deferred_reply_that_is_forgotten) {
    const deferring service;
    const running_server serving({}, service.serves());
    auto good = serving.connect();
    auto bad = serving.connect();
    bad.send(digits_frame("a") + digits_frame("forget") + digits_frame("b"));
    const auto words = bad.receive_to_end();
    EXPECT_EQ(words.received, digits_frame("a"));
    EXPECT_EQ(words.how, ending::eof);
    EXPECT_EQ(serving.failures(errc::service_unanswered), 1U);
    EXPECT_EQ(good.request("not affected"), digits_frame("not affected"));
}

TEST(faults_c, row_55_a_frame_that_is_never_ended) {
    const auto owed = std::make_shared<desk<deferred_reply>>();
    const running_server serving({},
                                 {.service = service_from([owed](bytes payload, outbox& replies) {
                                      if (payload == "later")
                                          return owed->put(replies.defer(order::as_completed));
                                      (void)replies.begin(10);
                                      (void)replies.append("abc");
                                      owed->take().reply("too late");
                                      replies.close();
                                  })});
    auto peer = serving.connect();
    peer.send(digits_frame("later") + digits_frame("break off"));
    const auto words = peer.receive_to_end();
    EXPECT_EQ(words.received, "0000000010abc");
    EXPECT_EQ(words.how, ending::eof);
    EXPECT_TRUE(serving.comes_to_have_open(0));
}

TEST(faults_c, row_56_a_deferred_reply_that_does_not_come) {
    const deferring service;
    const running_server serving({.limits = {.service_deadline = milliseconds(200)}},
                                 service.serves());
    auto good = serving.connect();
    auto bad = serving.connect();
    bad.send(digits_frame("a") + digits_frame("later") + digits_frame("b"));
    const auto words = bad.receive_to_end();
    EXPECT_EQ(words.received, digits_frame("a"));
    EXPECT_EQ(words.how, ending::eof);
    EXPECT_EQ(serving.failures(errc::service_timeout), 1U);
    auto late = service.owed->take();
    EXPECT_TRUE(eventually([&] { return !late.wanted(); }));
    late.reply("too late");
    EXPECT_EQ(good.request("not affected"), digits_frame("not affected"));
}

TEST(faults_c, row_49_what_was_complete_is_answered_after_a_header_was_not) {
    const deferring service;
    const running_server serving({.limits = {.header_deadline = milliseconds(200)}},
                                 service.serves());
    auto slow = serving.connect();
    slow.send(digits_frame("later") + "00000");
    EXPECT_TRUE(serving.comes_to_count(errc::io_timeout_header));
    service.owed->take().reply("done");
    const auto words = slow.receive_to_end();
    EXPECT_EQ(words.received, digits_frame("done"));
    EXPECT_EQ(words.how, ending::eof);
}

TEST(faults_c, row_57_the_peer_is_gone_before_its_reply) {
    const deferring service;
    const running_server serving({}, service.serves());
    for (const bool resets : {false, true}) {
        auto peer = serving.connect();
        peer.send(digits_frame("later"));
        auto reply = service.owed->take();
        EXPECT_TRUE(reply.wanted());
        if (resets) {
            peer.reset();
            EXPECT_TRUE(eventually([&] { return !reply.wanted(); }));
        } else {
            peer.close();
        }
        reply.reply("nobody");
        EXPECT_TRUE(serving.comes_to_have_open(0));
    }
    EXPECT_EQ(serving.connect().request("served"), digits_frame("served"));
}

TEST(faults_c, row_57_a_peer_that_has_ended_its_stream_gets_its_replies) {
    const deferring service;
    const running_server serving({}, service.serves());
    auto peer = serving.connect();
    peer.send(digits_frame("later") + digits_frame("b") + digits_frame("later"));
    peer.send_end();
    auto first = service.owed->take();
    auto second = service.owed->take();
    second.reply("c");
    first.reply("a");
    const auto words = peer.receive_to_end();
    EXPECT_EQ(words.received, digits_frame("a") + digits_frame("b") + digits_frame("c"));
    EXPECT_EQ(words.how, ending::eof);
}

TEST(faults_c, row_57_the_server_is_gone_before_the_reply) {
    const deferring service;
    auto serving = std::make_optional<running_server>(server_settings{}, service.serves());
    auto peer = serving->connect();
    peer.send(digits_frame("later"));
    auto reply = service.owed->take();
    serving.reset();
    EXPECT_FALSE(reply.wanted());
    reply.reply("nobody");
    EXPECT_EQ(peer.receive_to_end().received, "");
}

// Hands out a handle to each peer that sends something.
struct pushing {
    std::shared_ptr<desk<peer_handle>> peers = std::make_shared<desk<peer_handle>>();

    [[nodiscard]] serving serves() const {
        return {.service = service_from([peers = peers](bytes payload, outbox& replies) {
                    if (payload == "hello") peers->put(replies.handle());
                    (void)replies.reply(payload);
                })};
    }
};

const limits little{.queued_bytes_max = 10'000, .pushed_bytes_max = 10'000};

// Pushes until the peer's sockets and our bounds are full.
bool overflows(const peer_handle& who, overflow policy) {
    const std::string payload(1'000, 'x');
    return eventually([&] {
        for (int i = 0; i < 1000; ++i) who.push(payload, policy);
        return who.dropped() > 0;
    });
}

TEST(faults_c, row_58_a_peer_that_does_not_take_what_is_pushed) {
    const pushing service;
    const running_server serving({.limits = little}, service.serves());
    auto good = serving.connect();
    auto slow = serving.connect(4'096);
    EXPECT_EQ(slow.request("hello"), digits_frame("hello"));
    const auto handle = service.peers->take();
    EXPECT_TRUE(overflows(handle, overflow::close));
    EXPECT_TRUE(serving.comes_to_count(errc::limit_pushed));
    EXPECT_FALSE(handle.push("a"));
    EXPECT_EQ(good.request("not affected"), digits_frame("not affected"));
    EXPECT_EQ(slow.receive_to_end().how, ending::eof) << "what was queued is sent";
    EXPECT_EQ(serving.failures(errc::limit_pushed), 1U);
}

TEST(faults_c, row_58_a_slow_peer_is_kept_if_messages_are_dropped) {
    for (const auto policy : {overflow::drop_newest, overflow::drop_oldest}) {
        const pushing service;
        const running_server serving({.limits = little}, service.serves());
        auto slow = serving.connect(4'096);
        EXPECT_EQ(slow.request("hello"), digits_frame("hello"));
        const auto handle = service.peers->take();
        EXPECT_TRUE(overflows(handle, policy));
        EXPECT_TRUE(handle.connected());
        slow.send(digits_frame("still there"));
        std::string received;
        while (received.find(digits_frame("still there")) == std::string::npos) {
            const auto more = slow.receive_some();
            ASSERT_FALSE(more.empty());
            received += more;
        }
        EXPECT_EQ(serving.failures(errc::limit_pushed), 0U);
    }
}

}  // namespace
}  // namespace framewire::tests::faults_c_tests
