#include "framewire/service/room.hpp"

#include "fake_connection.hpp"
#include "manual_executor.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace framewire::room_tests {
namespace {

using tests::calls;
using tests::counting_framing;
using tests::fake_connection;
using tests::manual_executor;

// Connections of one loop, with one framing.
struct loop_of_some {
    explicit loop_of_some(std::size_t count, const std::shared_ptr<counting_framing>& framing =
                                                 std::make_shared<counting_framing>()) {
        for (std::size_t i = 0; i < count; ++i) {
            members.push_back(std::make_unique<fake_connection>(loop, i + 1, bytes_max));
            members.back()->framing = framing;
        }
    }
    void join(room& all) {
        for (const auto& one : members) all.join(one->handle());
        loop->run();
    }
    // What each has been sent since the last call.
    std::vector<calls> run() {
        loop->run();
        std::vector<calls> found;
        found.reserve(members.size());
        for (const auto& one : members) found.push_back(one->done());
        return found;
    }

    static constexpr std::size_t bytes_max = 2 * (1 + shared_message::overhead);
    std::shared_ptr<manual_executor> loop = std::make_shared<manual_executor>();
    std::vector<std::unique_ptr<fake_connection>> members;
};

using everybody = std::vector<calls>;

TEST(room, sends_to_every_member_in_order) {
    room all;
    loop_of_some peers(3);
    peers.join(all);
    EXPECT_EQ(all.size(), 3U);
    EXPECT_TRUE(all.send("a"));
    EXPECT_TRUE(all.send("b"));
    const calls both{"push 1:a", "push 1:b"};
    EXPECT_EQ(peers.run(), (everybody{both, both, both}));
}

TEST(room, spares_the_one_who_said_it) {
    room all;
    loop_of_some peers(3);
    peers.join(all);
    all.send("a", peers.members[1]->handle());
    EXPECT_EQ(peers.run(), (everybody{{"push 1:a"}, {}, {"push 1:a"}}));
}

TEST(room, frames_a_payload_once_for_all_members_of_all_loops) {
    room all;
    const auto framing = std::make_shared<counting_framing>();
    loop_of_some here(50, framing);
    loop_of_some there(50, framing);
    here.join(all);
    there.join(all);
    EXPECT_EQ(all.size(), 100U);
    for (int i = 0; i < 5; ++i) {
        all.send("a");
        here.loop->run();
        there.loop->run();
    }
    EXPECT_EQ(framing->encoded, 5);
    for (const auto* side : {&here, &there}) {
        for (const auto& one : side->members) EXPECT_EQ(one->done(), calls(5, "push 1:a"));
    }
}

TEST(room, frames_it_once_for_each_framing) {
    room all;
    loop_of_some some(3);
    loop_of_some others(3);
    some.join(all);
    others.join(all);
    all.send("a");
    some.run();
    others.run();
    EXPECT_EQ(some.members[0]->framing->encoded, 1);
    EXPECT_EQ(others.members[0]->framing->encoded, 1);
}

TEST(room, who_joins_gets_what_is_sent_after_that) {
    room all;
    loop_of_some peers(2);
    all.join(peers.members[0]->handle());
    all.send("a");
    all.join(peers.members[1]->handle());
    EXPECT_EQ(all.size(), 0U) << "they are still joining";
    all.send("b");
    EXPECT_EQ(peers.run(), (everybody{{"push 1:a", "push 1:b"}, {"push 1:b"}}));
    EXPECT_EQ(all.size(), 2U);
}

TEST(room, who_leaves_gets_what_was_sent_before_that) {
    room all;
    loop_of_some peers(2);
    peers.join(all);
    all.send("a");
    all.leave(peers.members[0]->handle());
    all.send("b");
    EXPECT_EQ(peers.run(), (everybody{{"push 1:a"}, {"push 1:a", "push 1:b"}}));
    EXPECT_EQ(all.size(), 1U);
}

TEST(room, joining_and_leaving_twice_is_once) {
    room all;
    loop_of_some peers(1);
    peers.join(all);
    peers.join(all);
    EXPECT_EQ(all.size(), 1U);
    all.send("a");
    EXPECT_EQ(peers.run(), everybody{{"push 1:a"}});
    all.leave(peers.members[0]->handle());
    all.leave(peers.members[0]->handle());
    peers.run();
    EXPECT_EQ(all.size(), 0U);
}

TEST(room, nobody_joins_or_leaves) {
    room all;
    all.join({});
    all.leave({});
    EXPECT_TRUE(all.send("a"));
    loop_of_some peers(1);
    all.leave(peers.members[0]->handle());
    EXPECT_EQ(peers.loop->waiting(), 0U);
}

TEST(room, who_has_gone_is_no_member) {
    room all;
    loop_of_some peers(3);
    peers.join(all);
    const auto gone = peers.members[0]->handle();
    peers.members.erase(peers.members.begin());
    EXPECT_EQ(all.size(), 2U);
    all.join(gone);
    all.leave(gone);
    all.send("a", gone);
    EXPECT_EQ(peers.run(), (everybody{{"push 1:a"}, {"push 1:a"}}));
}

TEST(room, who_goes_while_joining_is_no_member) {
    room all;
    loop_of_some peers(1);
    all.join(peers.members[0]->handle());
    peers.members.clear();
    peers.run();
    EXPECT_EQ(all.size(), 0U);
}

TEST(room, who_goes_before_it_is_sent_gets_nothing) {
    room all;
    loop_of_some peers(2);
    peers.join(all);
    all.send("a");
    peers.members[0]->cut();
    EXPECT_EQ(peers.run(), (everybody{{}, {"push 1:a"}}));
}

TEST(room, a_member_that_does_not_keep_up_leaves_in_the_middle_of_a_payload) {
    room all(overflow::close);
    loop_of_some peers(20);
    peers.join(all);
    for (std::size_t i = 0; i < 20; i += 3) peers.members[i]->takes = false;
    for (int i = 0; i < 3; ++i) all.send("a");
    const auto found = peers.run();
    for (std::size_t i = 0; i < 20; ++i) {
        const calls closed{"limit.pushed: too much waits to be pushed"};
        EXPECT_EQ(found[i], i % 3 == 0 ? closed : calls(3, "push 1:a"));
    }
    EXPECT_EQ(all.size(), 13U);
    EXPECT_EQ(peers.members[0]->handle().dropped(), 1U);
}

// The service of one who leaves closes others, sends, and joins.
TEST(room, members_that_leave_may_make_others_leave) {
    room all(overflow::close);
    loop_of_some peers(10);
    peers.join(all);
    auto& slow = *peers.members[4];
    slow.takes = false;
    slow.left = [&] {
        all.send("gone");
        for (std::size_t i = 0; i < 10; i += 2) all.leave(peers.members[i]->handle());
    };
    for (int i = 0; i < 3; ++i) all.send("a");
    peers.run();
    EXPECT_EQ(all.size(), 9U);
    peers.run();
    EXPECT_EQ(all.size(), 5U);
}

TEST(room, the_others_policies_keep_the_member) {
    for (const auto policy : {overflow::drop_oldest, overflow::drop_newest}) {
        room all(policy);
        loop_of_some peers(2);
        peers.join(all);
        auto& slow = *peers.members[0];
        slow.takes = false;
        for (const char* text : {"a", "b", "c", "d"}) all.send(text);
        EXPECT_EQ(peers.run()[1].size(), 4U);
        EXPECT_EQ(slow.handle().dropped(), 2U);
        EXPECT_EQ(all.size(), 2U);
        slow.takes = true;
        slow.pull();
        EXPECT_EQ(slow.done(), policy == overflow::drop_oldest ? (calls{"push 1:c", "push 1:d"})
                                                               : (calls{"push 1:a", "push 1:b"}));
    }
}

TEST(room, refuses_payloads_while_the_loops_have_too_much_to_send) {
    room all;
    loop_of_some peers(1);
    peers.join(all);
    const std::string payload(room::waiting_bytes_max / 4, 'x');
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(all.send(payload));
    EXPECT_FALSE(all.send(""));
    EXPECT_FALSE(all.send("a"));
    EXPECT_EQ(all.dropped(), 2U);
    peers.run();
    EXPECT_TRUE(all.send("a"));
    EXPECT_EQ(all.dropped(), 2U);
    peers.loop->end();
}

TEST(room, a_loop_that_has_ended_holds_nothing_up) {
    room all;
    loop_of_some peers(1);
    peers.join(all);
    const std::string payload(room::waiting_bytes_max, 'x');
    EXPECT_TRUE(all.send(payload));
    EXPECT_FALSE(all.send("a"));
    peers.loop->end();
    EXPECT_TRUE(all.send(payload));
    EXPECT_TRUE(all.send(payload));
}

TEST(room, without_members_takes_everything) {
    const room all;
    EXPECT_EQ(all.size(), 0U);
    room some;
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(some.send(std::string(room::waiting_bytes_max, 'x')));
}

TEST(room, copies_are_the_same_room) {
    room all;
    room same = all;
    loop_of_some peers(1);
    peers.join(all);
    EXPECT_EQ(same.size(), 1U);
    same.send("a");
    EXPECT_EQ(peers.run(), everybody{{"push 1:a"}});
}

TEST(room, its_members_outlive_it) {
    loop_of_some peers(2);
    {
        room all;
        peers.join(all);
        all.send("a");
    }
    EXPECT_EQ(peers.run(), (everybody{{"push 1:a"}, {"push 1:a"}}));
    peers.members.clear();
}

TEST(room, a_peer_may_be_in_many_rooms) {
    std::vector<room> all(10);
    loop_of_some peers(1);
    for (auto& one : all) peers.join(one);
    for (auto& one : all) EXPECT_EQ(one.size(), 1U);
    all[3].leave(peers.members[0]->handle());
    peers.run();
    EXPECT_EQ(all[3].size(), 0U);
    peers.members.clear();
    for (auto& one : all) EXPECT_EQ(one.size(), 0U);
}

TEST(room, lets_go_of_payloads_that_all_members_have_been_sent) {
    room all;
    loop_of_some peers(1);
    peers.join(all);
    peers.members[0]->takes = false;
    all.send("a");
    peers.run();
    const auto message = peers.members[0]->link()->take();
    ASSERT_NE(message, nullptr);
    EXPECT_EQ(message.use_count(), 1);
}

}  // namespace
}  // namespace framewire::room_tests
