#include "net/event_loop.hpp"

#include "eventually.hpp"
#include "recording_observer.hpp"
#include "running_loop.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace framewire::tests::event_loop_tests {
namespace {

std::shared_ptr<connection_plan> plan_of(std::string_view frames, service_factory make,
                                         observer* notified = nullptr, std::size_t open_max = 9) {
    return std::make_shared<connection_plan>(*framing::parse(frames), limits{}, std::move(make),
                                             notified, connection_role::accepted, open_max);
}

// Why a loop does not take one more connection.
std::string refusal_of(running_loop& of, const std::shared_ptr<connection_plan>& plan) {
    try {
        (void)of.open(plan);
    } catch (const std::runtime_error& thrown) {
        return thrown.what();
    }
    return {};
}

TEST(event_loop, serves_connections_of_several_plans) {
    const auto digits = plan_of("digits:10", service_named("echo"));
    const auto text = plan_of("line", service_named("reply:OK"));
    running_loop running;
    auto one = running.open(digits);
    auto other = running.open(text);
    EXPECT_EQ(one.request("Hello"), digits_frame("Hello"));
    other.send("Hello\n");
    EXPECT_EQ(other.receive(3), "OK\n");
    EXPECT_EQ(digits->open, 1U);
    EXPECT_EQ(text->open, 1U);
}

TEST(event_loop, opens_no_more_than_a_plan_allows) {
    const auto plan = plan_of("digits:10", service_named("echo"), nullptr, 1);
    running_loop running;
    {
        auto one = running.open(plan);
        EXPECT_EQ(one.request("Hello"), digits_frame("Hello"));
        EXPECT_EQ(refusal_of(running, plan), "limit.connections");
    }
    ASSERT_TRUE(eventually([&] { return plan->open == 0; }));
    EXPECT_EQ(running.open(plan).request("again"), digits_frame("again"));
}

TEST(event_loop, notifies_nobody_of_a_connection_without_a_service) {
    recording_observer observer;
    const auto unwanted = plan_of(
        "digits:10", [] { return std::unique_ptr<service>(); }, &observer);
    const auto broken = plan_of(
        "digits:10", []() -> std::unique_ptr<service> { throw std::runtime_error("no"); },
        &observer);
    running_loop running;
    EXPECT_EQ(refusal_of(running, unwanted), "service.refused");
    EXPECT_EQ(refusal_of(running, broken), "io.failed");
    EXPECT_TRUE(observer.lines().empty());
    EXPECT_EQ(unwanted->open, 0U);
    EXPECT_EQ(broken->open, 0U);
}

TEST(event_loop, drains_also_what_opens_later) {
    const auto plan = plan_of("digits:10", service_named("echo"));
    running_loop running;
    auto one = running.open(plan);
    EXPECT_EQ(one.request("Hello"), digits_frame("Hello"));
    std::optional<raw_socket> later;
    gate drained;
    std::array<int, 2> both{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, both.data()), 0);
    later.emplace(both[1]);
    later->send(digits_frame("late"));
    running.loop().post([&] {
        running.loop().drain(test_timeout, [&] { drained.open(); });
        (void)running.loop().open(plan, {owned_descriptor(both[0])});
    });
    EXPECT_EQ(later->receive_to_end().received, digits_frame("late"));
    EXPECT_EQ(one.receive_to_end().how, ending::eof);
    later->close();
    one.close();
    drained.pass();
}

TEST(event_loop, aborts_what_is_left_after_the_time_to_drain) {
    const auto plan = plan_of("digits:10", service_named("echo"));
    running_loop running;
    auto one = running.open(plan);
    one.send("0000");  // a frame that will not be complete
    ASSERT_TRUE(running.comes_to_receive(4));
    gate drained;
    running.loop().post(
        [&] { running.loop().drain(std::chrono::milliseconds(50), [&] { drained.open(); }); });
    drained.pass();
    EXPECT_EQ(plan->open, 0U);
}

TEST(event_loop, calls_tasks_on_its_own_thread_and_drops_them_at_its_end) {
    std::shared_ptr<executor> tasks;
    const auto owned = std::make_shared<int>(0);
    std::thread::id ran_on;
    {
        running_loop running;
        tasks = running.loop().executor();
        tasks->post([&, owned] { ran_on = std::this_thread::get_id(); });
        running.settle();
    }
    EXPECT_NE(ran_on, std::thread::id());
    EXPECT_NE(ran_on, std::this_thread::get_id());
    tasks->post([owned] { ADD_FAILURE() << "a loop that is gone"; });
    EXPECT_EQ(owned.use_count(), 1);
}

}  // namespace
}  // namespace framewire::tests::event_loop_tests
