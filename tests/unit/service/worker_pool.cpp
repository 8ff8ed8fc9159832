#include "framewire/service/worker_pool.hpp"

#include "eventually.hpp"
#include "fake_connection.hpp"
#include "manual_executor.hpp"

#include <gtest/gtest.h>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace framewire::worker_pool_tests {
namespace {

using tests::calls;
using tests::fake_connection;
using tests::gate;
using tests::manual_executor;

// Waits until a pool of one thread has run what it was given before.
void wait_for(worker_pool& pool) {
    std::promise<void> done;
    pool.run([&] { done.set_value(); });
    done.get_future().wait();
}

TEST(worker_pool, one_thread_runs_tasks_in_order) {
    worker_pool pool(1);
    std::vector<int> ran;
    for (int i = 0; i < 100; ++i) pool.run([&, i] { ran.push_back(i); });
    wait_for(pool);
    ASSERT_EQ(ran.size(), 100U);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(ran[static_cast<std::size_t>(i)], i);
}

TEST(worker_pool, has_as_many_tasks_at_once_as_threads) {
    gate stop;
    std::vector<std::promise<void>> started(3);
    worker_pool pool(3);
    for (auto& one : started) {
        pool.run([&] {
            one.set_value();
            stop.pass();
        });
    }
    for (auto& one : started) one.get_future().wait();
    stop.open();
}

TEST(worker_pool, at_its_end_waits_for_what_runs_and_drops_the_rest) {
    std::promise<void> started;
    bool has_ended = false;
    auto owned = std::make_shared<int>(0);
    const std::weak_ptr<int> seen = owned;
    {
        worker_pool pool(1);
        pool.run([&] {
            started.set_value();
            while (!seen.expired()) std::this_thread::yield();
            pool.run([] { FAIL(); });
            has_ended = true;
        });
        pool.run([one = std::move(owned)] { FAIL(); });
        started.get_future().wait();
    }
    EXPECT_TRUE(has_ended);
    EXPECT_TRUE(seen.expired());
}

TEST(worker_pool, what_a_task_owns_is_freed_before_the_next_runs) {
    worker_pool pool(1);
    auto owned = std::make_shared<int>(0);
    const std::weak_ptr<int> seen = owned;
    bool was_gone = false;
    pool.run([one = std::move(owned)] {});
    pool.run([&] { was_gone = seen.expired(); });
    wait_for(pool);
    EXPECT_TRUE(was_gone);
}

// An outbox that defers to a connection.
class deferring_outbox final : public outbox {
public:
    explicit deferring_outbox(fake_connection& to) : to_(to) {}

    struct slot {
        order keeps;
        std::size_t held_bytes;
        bool operator==(const slot&) const = default;
    };
    std::vector<slot> slots;

    tl::expected<void, errc> reply(bytes) override { return {}; }
    tl::expected<void, errc> begin(std::uint64_t) override { return {}; }
    tl::expected<void, errc> append(bytes) override { return {}; }
    tl::expected<void, errc> end() override { return {}; }
    void close() override {}
    void shutdown_send() override {}
    tl::expected<void, errc> use(const framing&, direction) override { return {}; }
    [[nodiscard]] std::size_t queued() const noexcept override { return 0; }
    [[nodiscard]] bool full() const noexcept override { return false; }
    void pause() override {}
    void resume() override {}

private:
    std::uint64_t open_slot(order keeps, std::size_t held_bytes) override {
        slots.push_back({keeps, held_bytes});
        return slots.size();
    }
    std::shared_ptr<peer_link> link() override { return to_.link(); }

    fake_connection& to_;
};

struct offloading {
    offloading() : replies(connection) {}

    void receive(service& to, bytes payload) {
        to.receive({.payload = payload, .announced = payload.size()}, replies);
    }
    calls run() {
        wait_for(pool);
        loop->run();
        return connection.done();
    }

    std::shared_ptr<manual_executor> loop = std::make_shared<manual_executor>();
    fake_connection connection{loop};
    deferring_outbox replies;
    worker_pool pool{1};
};

TEST(offload, answers_on_the_pool) {
    offloading all;
    const auto here = std::this_thread::get_id();
    const auto one = offload(all.pool, [&](bytes payload) {
        EXPECT_NE(std::this_thread::get_id(), here);
        return std::string(payload) + "!";
    })();
    EXPECT_FALSE(one->streams());
    all.receive(*one, "a");
    all.receive(*one, "bcd");
    EXPECT_EQ(all.run(), (calls{"answer 1 a!", "answer 2 bcd!"}));
    EXPECT_EQ(all.replies.slots, (std::vector<deferring_outbox::slot>{{order::as_received, 1},
                                                                      {order::as_received, 3}}));
}

TEST(offload, as_completed_if_told_so) {
    offloading all;
    const auto one = offload(
        all.pool, [](bytes payload) { return std::string(payload); }, order::as_completed)();
    all.receive(*one, "a");
    EXPECT_EQ(all.run(), calls{"answer 1 a"});
    EXPECT_EQ(all.replies.slots, (std::vector<deferring_outbox::slot>{{order::as_completed, 1}}));
}

// With two threads, the second request is answered while the first is being worked on.
TEST(offload, replies_come_as_they_are_ready) {
    gate stop;
    offloading all;
    worker_pool two(2);
    const auto one = offload(two, [&](bytes payload) {
        if (payload == "slow") stop.pass();
        return std::string(payload);
    })();
    all.receive(*one, "slow");
    all.receive(*one, "fast");
    while (all.loop->waiting() == 0) std::this_thread::yield();
    all.loop->run();
    EXPECT_EQ(all.connection.done(), calls{"answer 2 fast"});
    stop.open();
    while (all.loop->waiting() == 0) std::this_thread::yield();
    all.loop->run();
    EXPECT_EQ(all.connection.done(), calls{"answer 1 slow"});
}

TEST(offload, an_exception_ends_the_connection_and_no_other) {
    offloading all;
    all.connection.ends_when_given_up = false;
    const auto one = offload(all.pool, [](bytes payload) -> std::string {
        if (payload == "a") throw std::runtime_error("no disk");
        if (payload == "b") throw 1;
        return std::string(payload);
    })();
    for (const char* payload : {"a", "b", "c"}) all.receive(*one, payload);
    EXPECT_EQ(all.run(), (calls{"service.failed: no disk", "service.failed: the service threw",
                                "answer 3 c"}));
}

TEST(offload, nobody_works_for_a_peer_that_has_gone) {
    gate stop;
    int answered = 0;
    offloading all;
    const auto one = offload(all.pool, [&](bytes payload) {
        ++answered;
        return std::string(payload);
    })();
    all.pool.run([&] { stop.pass(); });
    all.receive(*one, "a");
    all.connection.cut();
    stop.open();
    EXPECT_EQ(all.run(), calls{});
    EXPECT_EQ(answered, 0);
}

TEST(offload, a_peer_may_go_while_its_answer_is_made) {
    gate stop;
    std::promise<void> started;
    offloading all;
    const auto one = offload(all.pool, [&](bytes payload) {
        started.set_value();
        stop.pass();
        return std::string(payload);
    })();
    all.receive(*one, "a");
    started.get_future().wait();
    all.connection.cut();
    stop.open();
    EXPECT_EQ(all.run(), calls{});
}

TEST(offload, what_the_end_of_the_pool_drops_is_unanswered) {
    const auto loop = std::make_shared<manual_executor>();
    fake_connection connection(loop);
    deferring_outbox replies(connection);
    connection.ends_when_given_up = false;
    std::promise<void> started;
    auto pool = std::make_optional<worker_pool>(1U);
    const auto one = offload(*pool, [&](bytes payload) {
        started.set_value();
        while (loop->waiting() == 0) std::this_thread::yield();
        return std::string(payload);
    })();
    for (const char* payload : {"a", "b"})
        one->receive({.payload = payload, .announced = 1}, replies);
    started.get_future().wait();
    pool.reset();
    loop->run();
    EXPECT_EQ(connection.done(),
              (calls{"service.unanswered: a deferred reply was dropped without an answer",
                     "answer 1 a"}));
}

}  // namespace
}  // namespace framewire::worker_pool_tests
