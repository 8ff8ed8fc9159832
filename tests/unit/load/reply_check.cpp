#include "load/reply_check.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <string>
#include <vector>

namespace framewire::reply_check_tests {
namespace {

time_point at(int ticks) { return time_point(std::chrono::nanoseconds(ticks)); }

/// A connection whose messages were sent one by one at 0, 1, 2, ..., and what became of them.
class reply_checks : public testing::Test {
protected:
    explicit reply_checks(message_plan plan = {}, std::uint64_t base = 1000)
        : work_(*workload::make(*framing::parse("line"), std::move(plan))), check_(work_, base) {}

    void send(int count) {
        for (int i = 0; i < count; ++i) check_.sent(1, at(sent_++));
    }
    std::string message(std::uint64_t number) const { return check_.expected(number); }
    void receive(const std::string& reply) {
        if (check_.take_next(reply)) return;
        check_.settle([&](std::uint64_t, std::uint64_t count, time_point) { right_ += count; });
        const auto judged = check_.check(reply);
        missing_ += judged.missing;
        if (judged.what != verdict::right) found_.push_back(judged);
    }
    std::uint64_t right() {
        check_.settle([&](std::uint64_t, std::uint64_t count, time_point) { right_ += count; });
        return right_;
    }
    void expect_one(verdict what, std::uint64_t number) const {
        ASSERT_EQ(1U, found_.size());
        EXPECT_EQ(what, found_[0].what);
        EXPECT_EQ(number, found_[0].number);
    }

    workload work_;
    reply_check check_;
    int sent_ = 0;
    std::uint64_t right_ = 0;
    std::uint64_t missing_ = 0;
    std::vector<reply_check::checked_reply> found_;
};

TEST_F(reply_checks, replies_in_order_are_right) {
    send(5);
    EXPECT_EQ(5U, check_.waiting());
    for (std::uint64_t i = 0; i < 5; ++i) receive(message(i));
    EXPECT_EQ(5U, right());
    EXPECT_TRUE(found_.empty());
    EXPECT_TRUE(check_.idle());
    EXPECT_EQ(0U, check_.give_up());
}

TEST_F(reply_checks, two_that_are_swapped_are_one_out_of_order) {
    send(4);
    for (const auto i : {0U, 2U, 1U, 3U}) receive(message(i));
    expect_one(verdict::out_of_order, 1);
    EXPECT_EQ(at(1), found_[0].sent_at);
    EXPECT_EQ(3U, right());
    EXPECT_TRUE(check_.idle());
}

TEST_F(reply_checks, one_that_is_left_out_costs_one_and_no_more) {
    send(6);
    for (const auto i : {0U, 1U, 3U, 4U, 5U}) receive(message(i));
    EXPECT_TRUE(found_.empty());
    EXPECT_EQ(5U, right());
    EXPECT_FALSE(check_.idle());
    EXPECT_EQ(0U, check_.waiting());
    EXPECT_EQ(2U, check_.first_late());
    EXPECT_EQ(0U, check_.expire(at(1)));
    EXPECT_EQ(1U, check_.expire(at(2)));
    EXPECT_TRUE(check_.idle());
}

TEST_F(reply_checks, after_it_was_given_up_it_is_unexpected) {
    send(3);
    receive(message(1));
    EXPECT_EQ(1U, check_.expire(at(0)));
    receive(message(0));
    expect_one(verdict::unexpected, 0);
    receive(message(2));
    EXPECT_EQ(2U, right());
}

TEST_F(reply_checks, one_that_is_altered_is_mismatched_and_the_next_is_right) {
    send(3);
    auto wrong = message(1);
    wrong[20] = '!';
    receive(message(0));
    receive(wrong);
    receive(message(2));
    expect_one(verdict::mismatched, 1);
    EXPECT_EQ(2U, right());
    EXPECT_TRUE(check_.idle());
}

TEST_F(reply_checks, a_number_that_is_altered_is_mismatched_too) {
    send(40);
    auto wrong = message(0);
    wrong[7] = wrong[7] == '0' ? '1' : '0';
    receive(wrong);
    expect_one(verdict::mismatched, 0);
    receive(message(1));
    EXPECT_EQ(1U, right());
}

TEST_F(reply_checks, one_that_comes_twice_is_unexpected) {
    send(3);
    for (const auto i : {0U, 1U, 1U, 2U}) receive(message(i));
    expect_one(verdict::unexpected, 1);
    EXPECT_EQ(3U, right());
    receive(message(2));
    EXPECT_EQ(verdict::unexpected, found_.back().what);
}

TEST_F(reply_checks, a_reply_without_a_message_is_unexpected) {
    receive("what?");
    expect_one(verdict::unexpected, 0);
    send(1);
    receive(message(0));
    EXPECT_EQ(1U, right());
}

TEST_F(reply_checks, a_reply_of_another_connection_is_mismatched) {
    send(3);
    const reply_check other(work_, 5000);
    receive(other.expected(0));
    expect_one(verdict::mismatched, 0);
}

TEST_F(reply_checks, giving_up_counts_what_waits_and_what_is_late) {
    send(5);
    receive(message(2));
    EXPECT_EQ(4U, check_.give_up());
    EXPECT_TRUE(check_.idle());
    send(1);
    receive(message(5));
    EXPECT_EQ(1U, right());
}

TEST_F(reply_checks, not_too_many_are_waited_for) {
    send(3000);
    receive(message(2999));
    EXPECT_EQ(2999U - 1024U, missing_);
    EXPECT_EQ(1024U, check_.give_up());
}

TEST_F(reply_checks, the_oldest_is_known) {
    send(3);
    receive(message(0));
    EXPECT_EQ(1U, right());
    EXPECT_EQ(at(1), check_.oldest());
}

class small_replies : public reply_checks {
protected:
    small_replies() : reply_checks({.size = {1, 1}}, 0) {}
};

TEST_F(small_replies, wrap_and_still_show_what_was_left_out) {
    send(100);
    for (std::uint64_t i = 0; i < 100; ++i) {
        if (i != 50) receive(message(i));
    }
    EXPECT_EQ(99U, right());
    EXPECT_TRUE(found_.empty());
    EXPECT_EQ(1U, check_.give_up());
}

class constant_replies : public reply_checks {
protected:
    constant_replies() : reply_checks({.expect = expectation::text, .reply = "ok"}) {}
};

TEST_F(constant_replies, are_compared_with_the_text) {
    send(3);
    receive("ok");
    receive("no");
    receive("ok");
    expect_one(verdict::mismatched, 1);
    receive("ok");
    EXPECT_EQ(verdict::unexpected, found_.back().what);
    EXPECT_EQ(2U, right());
}

}  // namespace
}  // namespace framewire::reply_check_tests
