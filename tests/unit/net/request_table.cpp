#include "net/request_table.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <string>
#include <vector>

namespace framewire::tests::request_table_tests {
namespace {

using found = request_table::found;
using std::chrono::seconds;

constexpr time_point start{};

time_point at(int second) { return start + seconds(second); }

class requests : public ::testing::Test {
protected:
    request_table::request request(const std::string& name, time_point deadline = at(100),
                                   std::string id = {}) {
        return {.id = std::move(id), .deadline = deadline, .then = [this, name](auto outcome) {
                    outcomes.push_back(name + (outcome ? "=" + *outcome : "!"));
                }};
    }
    request_table::unsent_request unsent(const std::string& name, time_point deadline = at(100)) {
        return {.payload = name, .rest = request(name, deadline, name)};
    }
    // How a payload is matched; a reply is given to its request.
    static found reply(request_table& table, const std::string& payload,
                       const std::string& id = {}) {
        auto matched = table.take(id);
        if (matched.what == found::reply) matched.then(payload);
        return matched.what;
    }
    static void fail(std::vector<reply_callback> all) {
        for (auto& then : all) then(tl::unexpected(wire_error{errc::io_closed, 0, ""}));
    }

    std::vector<std::string> outcomes;  // outlives what calls when it is destroyed
    request_table in_order{false, 3};
    request_table by_id{true, 3};
};

using list = std::vector<std::string>;

TEST_F(requests, replies_come_in_the_order_of_the_requests) {
    in_order.add(request("a"));
    in_order.add(request("b"));
    EXPECT_EQ(in_order.waiting(), 2U);
    EXPECT_EQ(reply(in_order, "1"), found::reply);
    EXPECT_EQ(reply(in_order, "2"), found::reply);
    EXPECT_EQ(reply(in_order, "3"), found::unasked);
    EXPECT_EQ(outcomes, (list{"a=1", "b=2"}));
    EXPECT_EQ(in_order.waiting(), 0U);
}

TEST_F(requests, replies_with_ids_come_in_any_order) {
    by_id.add(request("a", at(100), "1"));
    by_id.add(request("b", at(100), "2"));
    EXPECT_EQ(reply(by_id, "y", "2"), found::reply);
    EXPECT_EQ(reply(by_id, "?", "3"), found::unasked);
    EXPECT_EQ(reply(by_id, "x", "1"), found::reply);
    EXPECT_EQ(reply(by_id, "again", "1"), found::unasked);
    EXPECT_EQ(outcomes, (list{"b=y", "a=x"}));
}

TEST_F(requests, replies_with_the_same_id_come_in_the_order_of_the_requests) {
    for (const std::string name : {"a", "b", "c"}) by_id.add(request(name, at(100), "same"));
    for (const std::string payload : {"1", "2", "3"}) reply(by_id, payload, "same");
    EXPECT_EQ(outcomes, (list{"a=1", "b=2", "c=3"}));
}

TEST_F(requests, the_reply_of_a_request_that_is_over_is_not_taken_for_the_next) {
    in_order.add(request("a", at(1)));
    in_order.add(request("b", at(5)));
    EXPECT_TRUE(in_order.expire(start).empty());
    fail(in_order.expire(at(1)));
    EXPECT_EQ(in_order.deadline(), at(5));
    EXPECT_EQ(in_order.waiting(), 1U);
    EXPECT_EQ(reply(in_order, "late"), found::late);
    EXPECT_EQ(reply(in_order, "in time"), found::reply);
    EXPECT_EQ(outcomes, (list{"a!", "b=in time"}));
}

TEST_F(requests, a_late_reply_with_an_id_is_known_as_such_once) {
    by_id.add(request("a", at(1), "1"));
    by_id.add(request("b", at(5), "2"));
    fail(by_id.expire(at(2)));
    EXPECT_EQ(reply(by_id, "in time", "2"), found::reply);
    EXPECT_EQ(reply(by_id, "late", "1"), found::late);
    EXPECT_EQ(reply(by_id, "later", "1"), found::unasked);
    EXPECT_EQ(outcomes, (list{"a!", "b=in time"}));
}

TEST_F(requests, as_many_late_ids_are_known_as_requests_may_wait) {
    for (int i = 0; i < 4; ++i) {
        by_id.add(request("x", at(i), std::to_string(i)));
        fail(by_id.expire(at(i)));
    }
    EXPECT_EQ(reply(by_id, "forgotten", "0"), found::unasked);
    EXPECT_EQ(reply(by_id, "late", "1"), found::late);
    EXPECT_EQ(reply(by_id, "late", "3"), found::late);
}

TEST_F(requests, is_full_until_replies_have_come) {
    for (const std::string name : {"a", "b", "c"}) in_order.add(request(name, at(1)));
    EXPECT_TRUE(in_order.full());
    fail(in_order.expire(at(1)));
    EXPECT_TRUE(in_order.full());  // they will come
    reply(in_order, "late");
    EXPECT_FALSE(in_order.full());

    for (const std::string name : {"a", "b", "c"}) by_id.add(request(name, at(1), name));
    EXPECT_TRUE(by_id.full());
    fail(by_id.expire(at(1)));
    EXPECT_FALSE(by_id.full());
}

TEST_F(requests, what_is_not_sent_waits_in_order) {
    in_order.add(unsent("a"));
    in_order.add(unsent("b"));
    EXPECT_EQ(in_order.waiting(), 0U);
    EXPECT_EQ(reply(in_order, "nobody's"), found::unasked);
    while (auto next = in_order.take_unsent()) {
        outcomes.push_back(next->payload);
        in_order.add(std::move(next->rest));
    }
    reply(in_order, "1");
    reply(in_order, "2");
    EXPECT_EQ(outcomes, (list{"a", "b", "a=1", "b=2"}));
}

TEST_F(requests, what_is_not_sent_in_time_is_never_sent) {
    in_order.add(unsent("a", at(1)));
    in_order.add(unsent("b", at(2)));
    EXPECT_EQ(in_order.deadline(), at(1));
    fail(in_order.expire(at(1)));
    EXPECT_EQ(in_order.deadline(), at(2));
    const auto second = in_order.take_unsent();
    EXPECT_EQ(second->payload, "b");
    EXPECT_FALSE(in_order.take_unsent());
    EXPECT_EQ(outcomes, (list{"a!"}));
}

TEST_F(requests, one_that_is_dropped_ends_all_the_same) {
    in_order.add(unsent("a"));
    (void)in_order.take_unsent();
    EXPECT_EQ(outcomes, (list{"a!"}));
    { const reply_callback dropped = request("b").then; }
    EXPECT_EQ(outcomes, (list{"a!", "b!"}));
}

TEST_F(requests, a_lost_connection_takes_what_was_sent) {
    for (auto* const table : {&in_order, &by_id}) {
        outcomes.clear();
        table->add(request("late", at(1), "late"));
        table->add(request("sent", at(9), "sent"));
        table->add(unsent("unsent"));
        fail(table->expire(at(1)));
        fail(table->take_sent());
        EXPECT_EQ(outcomes, (list{"late!", "sent!"}));
        EXPECT_TRUE(table->has_unsent());
        EXPECT_EQ(reply(*table, "of the next connection", "late"), found::unasked);
        fail(table->take_all());
        EXPECT_EQ(outcomes, (list{"late!", "sent!", "unsent!"}));
        EXPECT_FALSE(table->has_unsent());
        EXPECT_EQ(table->deadline(), time_point::max());
    }
}

TEST_F(requests, without_a_deadline_nothing_is_over) {
    in_order.add(request("a", time_point::max()));
    EXPECT_EQ(in_order.deadline(), time_point::max());
    EXPECT_TRUE(in_order.expire(at(1'000'000)).empty());
}

}  // namespace
}  // namespace framewire::tests::request_table_tests
