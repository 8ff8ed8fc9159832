#include "eventually.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace framewire::tests::measuring_tests {
namespace {

using namespace std::chrono_literals;

std::uint64_t closed(const server_statistics& of, close_reason::kind why) {
    return of.closed.at(static_cast<std::size_t>(why));
}

std::uint64_t accounted(const server_statistics& of) {
    return std::accumulate(of.closed.begin(), of.closed.end(), of.open + of.refused);
}

// Keeps what the last connection that was closed has passed.
class last_closed final : public observer {
public:
    void on(const peer& /*who*/, const occurrence& what) override {
        const auto* const end = std::get_if<occurred::closed>(&what);
        const std::lock_guard lock(mutex_);
        if (end != nullptr) passed_ = end->passed;
    }
    [[nodiscard]] bool observes_traffic() const noexcept override { return false; }
    [[nodiscard]] std::optional<connection_traffic> passed() const {
        const std::lock_guard lock(mutex_);
        return passed_;
    }

private:
    mutable std::mutex mutex_;
    std::optional<connection_traffic> passed_;
};

TEST(duration_histogram, has_a_class_for_every_duration) {
    EXPECT_EQ(duration_histogram::place(0ns), 0U);
    EXPECT_EQ(duration_histogram::place(1us), 0U);
    EXPECT_EQ(duration_histogram::place(1001ns), 1U);
    EXPECT_EQ(duration_histogram::place(10s), duration_histogram::classes - 2);
    EXPECT_EQ(duration_histogram::place(24h), duration_histogram::classes - 1);
}

TEST(measuring, every_accepted_connection_is_open_closed_or_refused) {
    const auto refuse_second = [count = std::make_shared<std::atomic<int>>(0)](const peer&) {
        return ++*count == 2 ? nullptr : service_named("echo")();
    };
    const running_server serving({}, {.service = service_factory(refuse_second)});
    auto kept = serving.connect();
    EXPECT_EQ(kept.request("Hello"), digits_frame("Hello"));
    EXPECT_EQ(serving.connect().receive_to_end().received, "");
    serving.connect().send_end();
    auto wrong = serving.connect();
    wrong.send("no digits at all");
    (void)wrong.receive_to_end();
    wrong.close();
    ASSERT_TRUE(serving.comes_to_have_open(1));
    const auto counts = serving.statistics();
    EXPECT_EQ(counts.accepted, 4U);
    EXPECT_EQ(counts.refused, 1U);
    EXPECT_EQ(closed(counts, close_reason::kind::by_peer), 1U);
    EXPECT_EQ(closed(counts, close_reason::kind::by_error), 1U);
    EXPECT_EQ(accounted(counts), counts.accepted);
}

TEST(measuring, connections_that_are_over_hold_no_memory) {
    const running_server serving;
    for (int i = 0; i < 3; ++i) {
        auto wrong = serving.connect();
        wrong.send("no digits at all");
        (void)wrong.receive_to_end();
    }
    serving.connect().send(digits_frame("Hello") + "0000");
    ASSERT_TRUE(serving.comes_to_have_open(0));
    EXPECT_EQ(serving.statistics().memory_held, 0U);
}

TEST(measuring, observers_get_what_passed) {
    last_closed observer;
    const running_server serving({.observer = &observer});
    auto one = serving.connect();
    EXPECT_EQ(one.request("Hello"), digits_frame("Hello"));
    EXPECT_EQ(one.request("again"), digits_frame("again"));
    one.close();
    ASSERT_TRUE(eventually([&] { return observer.passed().has_value(); }));
    const auto passed = *observer.passed();
    EXPECT_EQ(passed.frames, 2U);
    EXPECT_EQ(passed.bytes_received, 30U);
    EXPECT_EQ(passed.bytes_sent, 30U);
    EXPECT_GT(passed.duration, 0ns);
}

TEST(measuring, nothing_is_measured_unless_wanted) {
    const running_server serving;
    EXPECT_EQ(serving.connect().request("Hello"), digits_frame("Hello"));
    ASSERT_TRUE(serving.comes_to_have_open(0));
    EXPECT_EQ(serving.statistics().service_time.count(), 0U);
    EXPECT_EQ(serving.statistics().loop_time.count(), 0U);
}

TEST(measuring, a_service_is_measured_for_each_message) {
    const auto slow = service_from([](bytes payload, outbox& replies) {
        if (payload == "slow") std::this_thread::sleep_for(6ms);
        (void)replies.reply(payload);
    });
    const running_server serving({.measures = true}, {.service = slow});
    auto one = serving.connect();
    EXPECT_EQ(one.request("slow"), digits_frame("slow"));
    EXPECT_EQ(one.request("fast"), digits_frame("fast"));
    one.close();
    ASSERT_TRUE(serving.comes_to_have_open(0));
    const auto found = serving.statistics();
    EXPECT_EQ(found.service_time.count(), 2U);
    EXPECT_GE(found.service_time.sum, 6ms);
    EXPECT_GE(found.loop_time.sum, found.service_time.sum);
}

TEST(measuring, messages_taken_together_share_the_time) {
    const running_server serving({.measures = true});
    auto one = serving.connect();
    std::string many;
    for (int i = 0; i < 100; ++i) many += digits_frame("x");
    one.send(many);
    EXPECT_EQ(one.receive(many.size()), many);
    EXPECT_EQ(serving.statistics().service_time.count(), 100U);
}

TEST(measuring, a_message_in_pieces_counts_once) {
    const running_server serving({.limits = {.assembled_bytes_max = 10}, .measures = true});
    auto one = serving.connect();
    const auto large = digits_frame(std::string(1'000'000, 'x'));
    std::jthread sender([&] { one.send(large); });
    EXPECT_EQ(one.receive(large.size()), large);
    EXPECT_EQ(serving.statistics().service_time.count(), 1U);
}

TEST(measuring, deferred_replies_until_they_are_given) {
    std::mutex mutex;
    std::vector<deferred_reply> promised;
    const auto later = service_from([&](bytes, outbox& replies) {
        const std::lock_guard lock(mutex);
        promised.push_back(replies.defer());
    });
    running_server serving({.measures = true}, {.service = later});
    auto one = serving.connect();
    one.send(digits_frame("one") + digits_frame("two"));
    const auto deferred = [&] {
        std::atomic<std::uint64_t> count{0};
        std::atomic<bool> has_come{false};
        serving.survey([&](const loop_load& load) {
            count = load.deferred_replies;
            has_come = true;
        });
        EXPECT_TRUE(eventually([&] { return has_come.load(); }));
        return count.load();
    };
    ASSERT_TRUE(eventually([&] { return deferred() == 2; }));
    EXPECT_EQ(serving.statistics().deferred_time.count(), 0U);
    for (auto& each : promised) each.reply("late");
    EXPECT_EQ(one.receive(2 * 14), digits_frame("late") + digits_frame("late"));
    EXPECT_EQ(serving.statistics().deferred_time.count(), 2U);
    EXPECT_EQ(deferred(), 0U);
}

TEST(measuring, every_loop_is_surveyed) {
    const running_server serving({.threads = 3});
    auto one = serving.connect();
    EXPECT_EQ(one.request("Hello"), digits_frame("Hello"));
    std::mutex mutex;
    std::vector<loop_load> loads;
    serving.survey([&](const loop_load& load) {
        const std::lock_guard lock(mutex);
        loads.push_back(load);
    });
    ASSERT_TRUE(eventually([&] {
        const std::lock_guard lock(mutex);
        return loads.size() == 3;
    }));
    std::uint64_t connections = 0;
    for (const auto& load : loads) connections += load.connections;
    EXPECT_EQ(connections, 1U);
}

TEST(measuring, a_server_accepts_until_it_is_stopped) {
    running_server serving;
    ASSERT_TRUE(eventually([&] { return serving.accepts(); }));
    auto kept = serving.connect();
    EXPECT_EQ(kept.request("Hello"), digits_frame("Hello"));
    serving.stop();
    EXPECT_FALSE(serving.accepts());
}

}  // namespace
}  // namespace framewire::tests::measuring_tests
