#include "eventually.hpp"
#include "net/event_loop.hpp"
#include "recording_observer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <atomic>
#include <cstdint>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

namespace framewire::tests::no_memory_tests {
namespace {

// Fails wherever a service can be called: what it is to do is in the payload, or in its time.
class failing_service final : public service {
public:
    explicit failing_service(std::string where) : where_(std::move(where)) {}

    void opened(const peer& /*who*/, outbox& replies) override {
        if (where_ != "task") return fail_in("opened");
        replies.handle().post([](outbox& /*to*/) { throw std::bad_alloc(); });
    }
    void receive(const piece& message, outbox& replies) override {
        fail_in("receive");
        (void)replies.reply(message.payload);
    }
    void peer_ended(outbox& replies) override {
        fail_in("peer_ended");
        replies.close();
    }
    void left(const close_reason& /*why*/) override { fail_in("left"); }

private:
    void fail_in(std::string_view where) const {
        if (where_ == where) throw std::bad_alloc();
    }

    std::string where_;
};

// Only the first connection fails.
service_factory failing_once(const std::string& where) {
    auto first = std::make_shared<bool>(true);
    return [first, where] {
        return std::make_unique<failing_service>(std::exchange(*first, false) ? where : "");
    };
}

void expect_that_the_next_client_is_served(const std::string& where) {
    recording_observer events;
    server_settings settings;
    settings.observer = &events;
    running_server serving(settings, {.service = failing_once(where)});
    try {
        auto bad = serving.connect();
        if (where != "opened" && where != "task") {
            bad.send(digits_frame("Hello"));
            if (where != "receive") bad.send_end();
        }
        (void)bad.receive_to_end();
    } catch (const std::runtime_error&) {
        SUCCEED();  // it was reset before we knew that it was connected
    }
    EXPECT_TRUE(serving.comes_to_count(errc::limit_memory)) << where;
    EXPECT_TRUE(serving.comes_to_have_open(0)) << where;
    EXPECT_TRUE(eventually([&] { return events.count("closed 1 ") == 1; })) << where;
    EXPECT_EQ(serving.connect().request("next"), digits_frame("next")) << where;
}

TEST(no_memory, costs_one_connection_wherever_it_lacks) {
    for (const auto* where : {"opened", "receive", "peer_ended", "left", "task"}) {
        expect_that_the_next_client_is_served(where);
    }
}

// Throws at every notification, and counts them.
class throwing_observer final : public observer {
public:
    void on(const peer& /*who*/, const occurrence& /*what*/) override {
        ++calls;
        throw std::bad_alloc();
    }
    std::atomic<std::uint64_t> calls{0};
};

TEST(no_memory, of_an_observer_costs_its_notifications) {
    throwing_observer events;
    server_settings settings;
    settings.observer = &events;
    const running_server serving(settings);
    {
        auto one = serving.connect();
        EXPECT_EQ(one.request("Hello"), digits_frame("Hello"));
    }
    EXPECT_TRUE(serving.comes_to_have_open(0));
    EXPECT_GT(events.calls, 4U);
    EXPECT_TRUE(eventually([&] { return serving.statistics().unobserved == events.calls; }));
    EXPECT_EQ(serving.failures(errc::limit_memory), 0U);
}

TEST(no_memory, of_a_task_of_the_loop_ends_no_other) {
    event_loop loop;
    int called = 0;
    loop.post([] { throw std::bad_alloc(); });
    loop.post([&] { ++called; });
    loop.post([] { throw 42; });
    loop.post([&] { ++called; });
    loop.finish();
    loop.run();
    EXPECT_EQ(called, 2);
    const auto count = [&](errc why) {
        return loop.counters().failures.at(static_cast<std::size_t>(why)).load();
    };
    EXPECT_EQ(count(errc::limit_memory), 1U);
    EXPECT_EQ(count(errc::io_failed), 1U);
}

}  // namespace
}  // namespace framewire::tests::no_memory_tests
