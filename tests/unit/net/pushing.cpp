#include "eventually.hpp"
#include "framewire/service/deferred_reply.hpp"
#include "framewire/service/peer_handle.hpp"
#include "recording_observer.hpp"
#include "running_loop.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace framewire::tests::pushing_tests {
namespace {

// A service made of functions. What it does not have, it does as any service.
struct script {
    std::function<void(outbox&)> opened = [](outbox&) {};
    std::function<void(bytes, outbox&)> receive = [](bytes, outbox&) {};
    std::function<void(outbox&)> peer_ended = [](outbox& replies) { replies.close(); };
    std::function<void(close_reason::kind)> left = [](close_reason::kind) {};
};

class scripted final : public service {
public:
    explicit scripted(script does) : does_(std::move(does)) {}
    void opened(const peer& /*who*/, outbox& replies) override { does_.opened(replies); }
    void receive(const piece& message, outbox& replies) override {
        does_.receive(message.payload, replies);
    }
    void peer_ended(outbox& replies) override { does_.peer_ended(replies); }
    void left(const close_reason& why) override { does_.left(why.what); }

private:
    script does_;
};

// One connection on a loop, and a handle to it.
class reached_peer {
public:
    explicit reached_peer(script does = {}, limits bounds = {})
        : plan_(std::make_shared<connection_plan>(
              *framing::parse("digits:10"), bounds,
              [this, does = std::move(does)] {
                  auto mine = does;
                  mine.opened = [this, first = does.opened](outbox& replies) {
                      handle_.set_value(replies.handle());
                      first(replies);
                  };
                  return std::make_unique<scripted>(std::move(mine));
              },
              &observer)),
          peer(running.open(plan_)),
          handle(handle_.get_future().get()) {}

    [[nodiscard]] bool comes_to_be_closed() {
        peer.close();
        return eventually([&] { return plan_->open == 0; });
    }

    recording_observer observer;

private:
    std::promise<peer_handle> handle_;
    std::shared_ptr<connection_plan> plan_;

public:
    running_loop running;
    raw_socket peer;
    peer_handle handle;
};

TEST(pushing, comes_before_what_a_service_speaks_of_itself_or_after_it_in_order) {
    reached_peer one({.opened = [](outbox& replies) { EXPECT_TRUE(replies.reply("welcome")); }});
    EXPECT_TRUE(one.handle.push("news"));
    const auto expected = digits_frame("welcome") + digits_frame("news");
    EXPECT_EQ(one.peer.receive(expected.size()), expected);
}

TEST(pushing, before_a_close_arrives_and_after_it_does_not) {
    reached_peer one;
    one.running.loop().post([&] {
        EXPECT_TRUE(one.handle.push("one"));
        EXPECT_TRUE(one.handle.push("two"));
        one.handle.close();
    });
    EXPECT_EQ(one.peer.receive_to_end().received, digits_frame("one") + digits_frame("two"));
    EXPECT_FALSE(one.handle.push("three"));
    EXPECT_TRUE(one.comes_to_be_closed());
    EXPECT_FALSE(one.handle.connected());
}

TEST(pushing, waits_for_the_end_of_a_frame_in_pieces) {
    reached_peer one({.receive = [](bytes payload, outbox& replies) {
        if (payload == "begin") {
            EXPECT_TRUE(replies.begin(5));
            EXPECT_TRUE(replies.append("He"));
        } else {
            EXPECT_TRUE(replies.append("llo"));
            EXPECT_TRUE(replies.end());
        }
    }});
    const std::string half = "0000000005He";
    one.peer.send(digits_frame("begin"));
    EXPECT_EQ(one.peer.receive(half.size()), half);
    EXPECT_TRUE(one.handle.push("news"));
    one.running.settle();
    one.peer.send(digits_frame("end"));
    const auto rest = "llo" + digits_frame("news");
    EXPECT_EQ(one.peer.receive(rest.size()), rest);
}

TEST(pushing, a_frame_that_is_never_ended_does_not_keep_a_connection) {
    reached_peer one({.receive = [](bytes, outbox& replies) {
        EXPECT_TRUE(replies.begin(5));
        replies.close();
    }});
    EXPECT_TRUE(one.handle.push("news"));
    EXPECT_EQ(one.peer.receive(14), digits_frame("news"));
    one.peer.send(digits_frame("x"));
    EXPECT_EQ(one.peer.receive_to_end().received, "0000000005");
    EXPECT_TRUE(one.comes_to_be_closed());
}

TEST(pushing, continues_while_the_service_stays_though_the_peer_has_ended) {
    reached_peer one({.peer_ended = [](outbox&) {}});
    one.peer.send_end();
    ASSERT_TRUE(eventually([&] { return one.observer.has("ended 1"); }));
    EXPECT_TRUE(one.handle.push("still here"));
    EXPECT_EQ(one.peer.receive(20), digits_frame("still here"));
    one.handle.close();
    EXPECT_EQ(one.peer.receive_to_end().how, ending::eof);
    EXPECT_TRUE(one.comes_to_be_closed());
}

TEST(pushing, what_was_dropped_is_reported_and_counted) {
    reached_peer one({}, {.queued_bytes_max = 1, .pushed_bytes_max = 1000});
    const std::string news(100 * KiB, 'x');
    // More than the sockets take, though they may take more after a while.
    for (int dropped = 0; dropped < 5;) {
        const bool taken = one.handle.push(news, overflow::drop_newest);
        taken ? one.running.settle() : void(++dropped);
    }
    EXPECT_EQ(one.handle.dropped(), 5U);
    EXPECT_TRUE(one.comes_to_be_closed());
    EXPECT_TRUE(one.observer.has("dropped 1 5"));
    EXPECT_EQ(one.running.loop().counters().dropped, 5U);
}

TEST(pushing, replies_that_are_given_together_are_written_together) {
    std::vector<deferred_reply> owed;
    reached_peer one(
        {.receive = [&](bytes, outbox& replies) { owed.push_back(replies.defer()); }});
    one.peer.send(digits_frame("1") + digits_frame("2") + digits_frame("3"));
    ASSERT_TRUE(one.running.comes_to_receive(33));
    one.running.settle();
    one.running.loop().post([&] {
        for (auto& reply : owed) reply.reply("done");
    });
    const auto all = digits_frame("done") + digits_frame("done") + digits_frame("done");
    EXPECT_EQ(one.peer.receive(all.size()), all);
    one.running.settle();
    EXPECT_EQ(one.observer.count("sent"), 1U);
}

TEST(pushing, a_task_is_like_a_call_of_the_service) {
    reached_peer one;
    std::optional<deferred_reply> owed;
    one.handle.post([&](outbox& replies) {
        EXPECT_TRUE(replies.reply("first"));
        owed = replies.defer();
        EXPECT_TRUE(replies.reply("last"));
    });
    EXPECT_EQ(one.peer.receive(15), digits_frame("first"));
    one.running.settle();
    owed->reply("then");
    const auto rest = digits_frame("then") + digits_frame("last");
    EXPECT_EQ(one.peer.receive(rest.size()), rest);
}

TEST(pushing, a_task_that_throws_ends_its_connection) {
    std::promise<close_reason::kind> left;
    reached_peer one({.left = [&](close_reason::kind why) { left.set_value(why); }});
    one.handle.post([](outbox&) { throw std::runtime_error("no"); });
    EXPECT_EQ(left.get_future().get(), close_reason::kind::by_error);
    EXPECT_TRUE(one.comes_to_be_closed());
    EXPECT_TRUE(one.observer.has("closed 1 io.failed"));
}

TEST(pushing, a_service_that_throws_when_it_opens_has_been_opened) {
    recording_observer observer;
    const auto plan = std::make_shared<connection_plan>(
        *framing::parse("digits:10"), limits{},
        [] {
            return std::make_unique<scripted>(
                script{.opened = [](outbox&) { throw std::runtime_error("no"); }});
        },
        &observer);
    running_loop running;
    auto peer = running.open(plan);
    (void)peer.receive_to_end();
    ASSERT_TRUE(eventually([&] { return plan->open == 0; }));
    EXPECT_TRUE(observer.has("opened 1"));
    EXPECT_TRUE(observer.has("closed 1 io.failed"));
}

TEST(pushing, ends_our_stream_and_still_receives) {
    std::promise<std::string> received;
    reached_peer one(
        {.receive = [&](bytes payload, outbox&) { received.set_value(std::string(payload)); }});
    one.running.loop().post([&] {
        EXPECT_TRUE(one.handle.push("last"));
        one.handle.post([](outbox& replies) { replies.shutdown_send(); });
    });
    EXPECT_EQ(one.peer.receive_to_end().received, digits_frame("last"));
    one.peer.send(digits_frame("Hello"));
    EXPECT_EQ(received.get_future().get(), "Hello");
}

}  // namespace
}  // namespace framewire::tests::pushing_tests
