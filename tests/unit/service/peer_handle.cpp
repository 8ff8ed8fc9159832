#include "framewire/service/peer_handle.hpp"

#include "fake_connection.hpp"
#include "manual_executor.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace framewire::peer_handle_tests {
namespace {

using tests::calls;
using tests::fake_connection;
using tests::manual_executor;

// Room for this many messages of one byte.
constexpr std::size_t room_for(std::size_t messages) {
    return messages * (1 + shared_message::overhead);
}

TEST(peer_handle, pushes_in_order_on_the_thread_of_the_loop) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop, 7);
    const auto handle = one.handle();
    EXPECT_EQ(handle.who().id, 7U);
    EXPECT_TRUE(handle.connected());
    EXPECT_TRUE(handle.push("a"));
    EXPECT_TRUE(handle.push("b"));
    EXPECT_EQ(one.done(), calls{});
    loop->run();
    EXPECT_EQ(one.done(), (calls{"push 1:a", "push 1:b"}));
    EXPECT_EQ(handle.dropped(), 0U);
}

TEST(peer_handle, that_refers_to_nobody_does_nothing) {
    const peer_handle nobody;
    EXPECT_FALSE(nobody.push("a"));
    EXPECT_FALSE(nobody.connected());
    EXPECT_EQ(nobody.dropped(), 0U);
    nobody.close();
    nobody.post([](outbox&) { FAIL(); });
    EXPECT_EQ(nobody, peer_handle());
}

TEST(peer_handle, copies_are_equal) {
    const auto loop = std::make_shared<manual_executor>();
    const fake_connection one(loop);
    const fake_connection other(loop);
    EXPECT_EQ(one.handle(), one.handle());
    EXPECT_NE(one.handle(), other.handle());
}

TEST(peer_handle, closes_and_calls_after_what_was_pushed) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop);
    one.handle().push("a");
    one.handle().post([](outbox& replies) { (void)replies.reply("b"); });
    one.handle().close();
    loop->run();
    EXPECT_EQ(one.done(), (calls{"push 1:a", "reply b", "finish"}));
}

TEST(peer_handle, many_pushes_are_one_task) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop);
    for (int i = 0; i < 100; ++i) one.handle().push("a");
    EXPECT_EQ(loop->waiting(), 1U);
    loop->run();
    EXPECT_EQ(one.done().size(), 100U);
    one.handle().push("b");
    EXPECT_EQ(loop->waiting(), 1U);
    loop->end();
}

TEST(peer_handle, what_cannot_be_framed_is_dropped_and_counted) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop);
    one.framing->payload_bytes_max = 1;
    EXPECT_TRUE(one.handle().push("ab"));
    EXPECT_TRUE(one.handle().push("c"));
    loop->run();
    EXPECT_EQ(one.done(), calls{"push 1:c"});
    EXPECT_EQ(one.handle().dropped(), 1U);
}

TEST(peer_handle, once_the_peer_has_gone_nothing_is_done) {
    const auto loop = std::make_shared<manual_executor>();
    std::optional<fake_connection> one(loop);
    const auto handle = one->handle();
    one.reset();
    EXPECT_FALSE(handle.connected());
    EXPECT_FALSE(handle.push("a"));
    handle.close();
    handle.post([](outbox&) { FAIL(); });
    EXPECT_EQ(loop->waiting(), 0U);
    EXPECT_EQ(handle.who().id, 1U);
}

TEST(peer_handle, the_peer_may_go_before_the_loop_runs_what_was_posted) {
    const auto loop = std::make_shared<manual_executor>();
    std::optional<fake_connection> one(loop);
    const auto handle = one->handle();
    EXPECT_TRUE(handle.push("a"));
    handle.close();
    handle.post([](outbox&) { FAIL(); });
    one.reset();
    EXPECT_EQ(loop->run(), 3U);
}

TEST(peer_handle, the_peer_may_go_by_what_a_task_does) {
    const auto loop = std::make_shared<manual_executor>();
    std::optional<fake_connection> one(loop);
    const auto handle = one->handle();
    handle.post([&](outbox&) { handle.push("late"); });
    handle.post([&](outbox&) { one->cut(); });
    handle.post([](outbox&) { FAIL(); });
    loop->run();
    loop->run();
    EXPECT_EQ(one->done(), calls{});
    EXPECT_EQ(one->link()->take(), nullptr);
}

TEST(peer_handle, outlives_the_loop) {
    auto loop = std::make_shared<manual_executor>();
    auto one = std::make_optional<fake_connection>(loop);
    const auto handle = one->handle();
    handle.push("a");
    loop->end();
    loop.reset();
    handle.push("b");
    handle.close();
    one.reset();
    EXPECT_FALSE(handle.push("c"));
}

TEST(overflow, close_ends_the_connection_once) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop, 1, room_for(3));
    one.takes = false;
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(one.handle().push("a"));
    EXPECT_FALSE(one.handle().push("b"));
    for (int i = 0; i < 1000; ++i) EXPECT_FALSE(one.handle().push("c"));
    EXPECT_FALSE(one.handle().push("d", overflow::drop_oldest));
    EXPECT_EQ(one.handle().dropped(), 1002U);
    EXPECT_EQ(loop->waiting(), 2U) << "to pull, and to give up";
    loop->run();
    EXPECT_EQ(one.done(), calls{"limit.pushed: too much waits to be pushed"});
    EXPECT_FALSE(one.handle().connected());
}

TEST(overflow, drop_newest_keeps_what_waits) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop, 1, room_for(2));
    one.takes = false;
    EXPECT_TRUE(one.handle().push("a", overflow::drop_newest));
    EXPECT_TRUE(one.handle().push("b", overflow::drop_newest));
    EXPECT_FALSE(one.handle().push("c", overflow::drop_newest));
    EXPECT_FALSE(one.handle().push("", overflow::drop_newest)) << "an empty one costs memory, too";
    EXPECT_EQ(one.handle().dropped(), 2U);
    one.takes = true;
    loop->run();
    EXPECT_EQ(one.done(), (calls{"push 1:a", "push 1:b"}));
    EXPECT_TRUE(one.handle().push("d", overflow::drop_newest));
    loop->run();
    EXPECT_EQ(one.done(), calls{"push 1:d"});
}

TEST(overflow, drop_oldest_keeps_the_latest) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop, 1, room_for(3));
    one.takes = false;
    for (const char* text : {"a", "b", "c", "d", "e"})
        EXPECT_TRUE(one.handle().push(text, overflow::drop_oldest));
    EXPECT_EQ(one.handle().dropped(), 2U);
    EXPECT_TRUE(one.handle().push("fg", overflow::drop_oldest)) << "a byte more than there is";
    EXPECT_EQ(one.handle().dropped(), 4U);
    EXPECT_EQ(loop->waiting(), 1U);
    one.takes = true;
    loop->run();
    EXPECT_EQ(one.done(), (calls{"push 1:e", "push 2:fg"}));
}

TEST(overflow, one_message_may_exceed_the_bound) {
    for (const auto policy : {overflow::close, overflow::drop_newest, overflow::drop_oldest}) {
        const auto loop = std::make_shared<manual_executor>();
        fake_connection one(loop, 1, 10);
        one.takes = false;
        EXPECT_TRUE(one.handle().push(std::string(1000, 'x'), policy));
        EXPECT_EQ(one.handle().push("y", policy), policy == overflow::drop_oldest);
        EXPECT_EQ(one.handle().dropped(), 1U);
        loop->end();
    }
}

// Each of these would be the first of an empty queue.
TEST(overflow, dropping_all_that_waits_wakes_the_loop_once) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop, 1, 10);
    for (int i = 0; i < 1000; ++i) one.handle().push(std::to_string(i), overflow::drop_oldest);
    EXPECT_EQ(loop->waiting(), 1U);
    EXPECT_EQ(one.handle().dropped(), 999U);
    loop->run();
    EXPECT_EQ(one.done(), calls{"push 3:999"});
}

TEST(overflow, what_was_taken_makes_room) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop, 1, room_for(4));
    one.takes = false;
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(one.handle().push("a"));
    for (int i = 0; i < 1000; ++i) {
        ASSERT_NE(one.link()->take(), nullptr);
        ASSERT_TRUE(one.handle().push("b"));
    }
    ASSERT_FALSE(one.handle().push("c", overflow::drop_newest));
    for (int i = 0; i < 4; ++i) EXPECT_NE(one.link()->take(), nullptr);
    EXPECT_EQ(one.link()->take(), nullptr);
    loop->end();
}

TEST(peer_link, lets_go_of_messages_that_were_taken_dropped_or_cut) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop, 1, room_for(3));
    one.takes = false;
    std::vector<std::weak_ptr<shared_message>> sent;
    for (int i = 0; i < 5; ++i) {
        auto message = std::make_shared<shared_message>("a");
        sent.emplace_back(message);
        ASSERT_TRUE(one.link()->push(std::move(message), overflow::drop_oldest));
    }
    EXPECT_TRUE(sent[0].expired());
    EXPECT_TRUE(sent[1].expired());
    EXPECT_FALSE(sent[2].expired());
    (void)one.link()->take();
    EXPECT_TRUE(sent[2].expired());
    EXPECT_FALSE(sent[3].expired());
    one.cut();
    EXPECT_TRUE(sent[3].expired());
    EXPECT_TRUE(sent[4].expired());
    EXPECT_EQ(one.link()->take(), nullptr);
    loop->end();
}

TEST(peer_link, on_the_thread_of_its_loop_pulls_at_once) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop, 1, room_for(1));
    const auto message = std::make_shared<shared_message>("a");
    one.link()->push_here(message, overflow::close);
    EXPECT_EQ(one.done(), calls{"push 1:a"});
    one.takes = false;
    one.link()->push_here(message, overflow::close);
    one.link()->push_here(message, overflow::close);
    EXPECT_EQ(one.done(), calls{"limit.pushed: too much waits to be pushed"});
    one.link()->push_here(message, overflow::close);
    EXPECT_EQ(one.done(), calls{});
    EXPECT_EQ(loop->waiting(), 0U);
}

TEST(shared_message, is_framed_once_for_each_key) {
    shared_message message("hi");
    tests::counting_framing framing;
    const auto encode = [&](const std::string& payload, std::string& out) {
        return framing.encode(payload, out);
    };
    const auto key = std::make_shared<int>(0);
    const auto frame = message.framed(key, encode);
    ASSERT_NE(frame, nullptr);
    EXPECT_EQ(*frame, "2:hi");
    EXPECT_EQ(message.framed(key, encode), frame);
    EXPECT_EQ(framing.encoded, 1);
    EXPECT_NE(message.framed(std::make_shared<int>(0), encode), frame);
    EXPECT_EQ(framing.encoded, 2);
}

TEST(shared_message, that_cannot_be_framed_is_not_tried_again) {
    shared_message message("hi");
    tests::counting_framing framing{.payload_bytes_max = 1};
    const auto encode = [&](const std::string& payload, std::string& out) {
        return framing.encode(payload, out);
    };
    const auto key = std::make_shared<int>(0);
    EXPECT_EQ(message.framed(key, encode), nullptr);
    EXPECT_EQ(message.framed(key, encode), nullptr);
    EXPECT_EQ(framing.encoded, 1);
}

}  // namespace
}  // namespace framewire::peer_handle_tests
