#include "framewire/service/deferred_reply.hpp"

#include "fake_connection.hpp"
#include "manual_executor.hpp"

#include <gtest/gtest.h>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace framewire::deferred_reply_tests {
namespace {

using tests::calls;
using tests::fake_connection;
using tests::manual_executor;

const std::string unanswered =
    "service.unanswered: a deferred reply was dropped without an answer";

TEST(deferred_reply, is_given_on_the_thread_of_the_loop) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop);
    auto first = one.defer();
    auto second = one.defer();
    auto third = one.defer();
    EXPECT_TRUE(first.owed());
    EXPECT_TRUE(first.wanted());
    second.reply("b");
    first.reply("a");
    third.skip();
    EXPECT_FALSE(first.owed());
    EXPECT_FALSE(first.wanted());
    EXPECT_EQ(one.done(), calls{});
    loop->run();
    EXPECT_EQ(one.done(), (calls{"answer 2 b", "answer 1 a", "skip 3"}));
}

TEST(deferred_reply, that_owes_nothing_does_nothing) {
    deferred_reply none;
    EXPECT_FALSE(none.owed());
    EXPECT_FALSE(none.wanted());
    none.reply("a");
    none.skip();
    none.fail("b");
}

TEST(deferred_reply, is_given_once) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop);
    {
        auto reply = one.defer();
        reply.reply("a");
        reply.reply("b");
        reply.skip();
        reply.fail("c");
    }
    loop->run();
    EXPECT_EQ(one.done(), calls{"answer 1 a"});
}

TEST(deferred_reply, dropped_without_an_answer_ends_the_connection) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop);
    (void)one.defer();
    loop->run();
    EXPECT_EQ(one.done(), calls{unanswered});
}

TEST(deferred_reply, that_failed_ends_the_connection_with_its_words) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop);
    one.defer().fail("no disk");
    loop->run();
    EXPECT_EQ(one.done(), calls{"service.failed: no disk"});
}

TEST(deferred_reply, may_be_several) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop);
    one.defer().reply_all(std::array<bytes, 3>{"a", "", "b"});
    one.defer().reply_all({});
    loop->run();
    EXPECT_EQ(one.done(), (calls{"answer 1 a  b", "answer 2"}));
}

TEST(deferred_reply, may_fail_after_some) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop);
    one.defer().fail(errc::store_full, "no room", std::array<bytes, 1>{"a"});
    loop->run();
    EXPECT_EQ(one.done(), (calls{"answer 1 a", "store.full: no room"}));
}

TEST(deferred_reply, is_owed_by_where_it_was_moved_to) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop);
    {
        auto first = one.defer();
        deferred_reply moved(std::move(first));
        EXPECT_FALSE(first.owed());  // NOLINT: so it says
        first.reply("nobody");
        deferred_reply assigned;
        assigned = std::move(moved);
        EXPECT_FALSE(moved.owed());  // NOLINT
        auto& itself = assigned;
        assigned = std::move(itself);
        EXPECT_TRUE(assigned.owed());
        assigned.reply("a");
    }
    loop->run();
    EXPECT_EQ(one.done(), calls{"answer 1 a"});
}

TEST(deferred_reply, assigned_over_is_dropped) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop);
    one.ends_when_given_up = false;
    auto reply = one.defer();
    reply = one.defer();
    reply.reply("b");
    reply = {};
    loop->run();
    EXPECT_EQ(one.done(), (calls{unanswered, "answer 2 b"}));
}

TEST(deferred_reply, once_the_peer_has_gone_is_not_wanted_and_does_nothing) {
    const auto loop = std::make_shared<manual_executor>();
    std::optional<fake_connection> one(loop);
    auto answered = one->defer();
    auto skipped = one->defer();
    auto failed = one->defer();
    auto forgotten = std::make_optional(one->defer());
    one.reset();
    EXPECT_TRUE(answered.owed());
    EXPECT_FALSE(answered.wanted());
    answered.reply("a");
    skipped.skip();
    failed.fail("no disk");
    forgotten.reset();
    EXPECT_FALSE(answered.owed());
    EXPECT_EQ(loop->waiting(), 0U);
}

TEST(deferred_reply, the_peer_may_go_before_the_loop_runs) {
    const auto loop = std::make_shared<manual_executor>();
    std::optional<fake_connection> one(loop);
    one->defer().reply("a");
    one->defer().skip();
    one->defer().fail("no disk");
    (void)one->defer();
    one.reset();
    EXPECT_EQ(loop->run(), 4U);
}

TEST(deferred_reply, the_peer_may_go_by_an_answer_before_it) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop);
    auto second = one.defer();
    one.defer().fail("no disk");
    second.reply("a");
    loop->run();
    EXPECT_EQ(one.done(), calls{"service.failed: no disk"});
}

TEST(deferred_reply, outlives_the_loop) {
    const auto loop = std::make_shared<manual_executor>();
    auto one = std::make_optional<fake_connection>(loop);
    auto answered = one->defer();
    auto forgotten = std::make_optional(one->defer());
    loop->end();
    answered.reply("a");
    forgotten.reset();
    one.reset();
    EXPECT_EQ(loop->waiting(), 0U);
}

// As a task of a pool does that the end of its loop drops.
TEST(deferred_reply, may_be_owned_by_a_task_that_is_dropped) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection one(loop);
    loop->post([reply = std::make_shared<deferred_reply>(one.defer())] {});
    loop->end();
    EXPECT_EQ(one.done(), calls{});
}

TEST(deferred_reply, ends_the_connection_where_there_is_no_memory_for_it) {
    const auto loop = std::make_shared<manual_executor>();
    for (int how = 0; how < 4; ++how) {
        fake_connection one(loop);
        auto reply = std::make_unique<deferred_reply>(one.defer());
        loop->lacks_memory = true;
        if (how == 0) reply->reply("a");
        if (how == 1) reply->fail("no disk");
        if (how == 2) reply->skip();
        reply.reset();
        loop->lacks_memory = false;
        EXPECT_TRUE(one.link()->has_lost());
        EXPECT_EQ(loop->lost, static_cast<std::size_t>(how) + 1);
        loop->run();
        EXPECT_EQ(one.done(), calls{});
    }
}

}  // namespace
}  // namespace framewire::deferred_reply_tests
