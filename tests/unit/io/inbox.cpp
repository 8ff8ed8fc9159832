#include "io/inbox.hpp"

#include "io/poller.hpp"

#include <gtest/gtest.h>
#include <unistd.h>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace framewire::tests::inbox_tests {
namespace {

using namespace std::chrono_literals;

constexpr interest input{.readable = true};

// How often the loop was woken since the last call.
std::uint64_t wakes(const inbox& of) {
    std::uint64_t count = 0;
    return ::read(of.descriptor(), &count, sizeof count) == sizeof count ? count : 0;
}

TEST(inbox, calls_tasks_in_order_and_once) {
    inbox box;
    std::vector<int> called;
    for (int i = 0; i < 3; ++i) box.post([&, i] { called.push_back(i); });
    EXPECT_TRUE(called.empty());
    box.ready(input);
    box.ready(input);
    EXPECT_EQ(called, (std::vector<int>{0, 1, 2}));
}

TEST(inbox, one_write_wakes_the_loop_for_many_tasks) {
    inbox box;
    for (int i = 0; i < 1000; ++i) box.post([] {});
    EXPECT_EQ(wakes(box), 1U);
    box.ready(input);
    EXPECT_EQ(wakes(box), 0U);
    box.post([] {});
    EXPECT_EQ(wakes(box), 1U);
}

TEST(inbox, a_task_that_posts_does_not_keep_the_loop) {
    inbox box;
    int called = 0;
    box.post([&] {
        box.post([&] { ++called; });
        box.post([&] { ++called; });
    });
    box.ready(input);
    EXPECT_EQ(called, 0);
    EXPECT_EQ(wakes(box), 1U);
    box.ready(input);
    EXPECT_EQ(called, 2);
}

TEST(inbox, a_closed_one_drops_tasks_and_whatever_they_own) {
    inbox box;
    const auto owned = std::make_shared<int>(0);
    bool called = false;
    box.post([&, owned] { called = true; });
    box.close();
    EXPECT_EQ(owned.use_count(), 1);
    box.post([&, owned] { called = true; });
    EXPECT_EQ(owned.use_count(), 1);
    box.ready(input);
    EXPECT_FALSE(called);
}

// Posts when it is destroyed, as a promise does that was not kept.
struct posts_at_its_end {
    explicit posts_at_its_end(inbox& to) : box(to) {}
    posts_at_its_end(const posts_at_its_end&) = delete;
    posts_at_its_end& operator=(const posts_at_its_end&) = delete;
    ~posts_at_its_end() {
        box.post([] {});
        posted = true;
    }
    inbox& box;
    static inline bool posted = false;
};

TEST(inbox, what_a_dropped_task_owns_may_post) {
    inbox box;
    box.post([one = std::make_shared<posts_at_its_end>(box)] {});
    box.close();
    EXPECT_TRUE(posts_at_its_end::posted);
}

TEST(inbox, a_task_is_destroyed_before_the_next_is_called) {
    inbox box;
    auto owned = std::make_shared<int>(0);
    const std::weak_ptr<int> seen = owned;
    bool was_gone = false;
    box.post([one = std::move(owned)] {});
    box.post([&] { was_gone = seen.expired(); });
    box.ready(input);
    EXPECT_TRUE(was_gone);
}

TEST(inbox, many_threads_post_to_a_loop_and_nothing_is_lost) {
    constexpr int threads = 4;
    constexpr int posts = 2'000;
    const auto box = std::make_shared<inbox>();
    poller loop;
    ASSERT_TRUE(loop.add(box->descriptor(), *box, input));
    int called = 0;  // on this thread only
    std::vector<std::thread> all;
    for (int t = 0; t < threads; ++t) {
        all.emplace_back([&, box] {
            for (int i = 0; i < posts; ++i) box->post([&] { ++called; });
        });
    }
    while (called < threads * posts) {
        loop.wait(10s);
        loop.dispatch();
    }
    for (auto& thread : all) thread.join();
    EXPECT_EQ(called, threads * posts);
}

TEST(inbox, may_be_closed_while_others_post) {
    for (int round = 0; round < 20; ++round) {
        const auto box = std::make_shared<inbox>();
        const auto owned = std::make_shared<int>(0);
        std::thread posts([box, owned] {
            for (int i = 0; i < 200; ++i) box->post([owned] {});
        });
        box->ready(input);
        box->close();
        posts.join();
        EXPECT_EQ(owned.use_count(), 1);
    }
}

TEST(inbox, a_task_that_throws_leaves_the_others_for_the_next_time) {
    inbox box;
    std::vector<int> called;
    box.post([&] { called.push_back(1); });
    box.post([] { throw 42; });
    box.post([&] { called.push_back(2); });
    EXPECT_THROW(box.ready(input), int);
    box.post([&] { called.push_back(3); });
    EXPECT_EQ(called, (std::vector<int>{1}));
    while (wakes(box) > 0) box.ready(input);
    EXPECT_EQ(called, (std::vector<int>{1, 2, 3}));
}

TEST(inbox, urgent_tasks_find_room_behind_any_number_of_others) {
    for (const int others : {0, 20, 23, 24, 25, 1000}) {
        inbox box;
        int called = 0;
        for (int i = 0; i < others; ++i) box.post([] {});
        for (std::size_t i = 0; i < inbox::urgent_max; ++i) box.post_urgent([&] { ++called; });
        box.ready(input);
        EXPECT_EQ(called, inbox::urgent_max) << others;
    }
}

TEST(inbox, what_was_lost_is_noticed_once) {
    inbox box;
    EXPECT_FALSE(box.take_lost());
    box.notify_lost();
    EXPECT_EQ(wakes(box), 1U);
    EXPECT_TRUE(box.take_lost());
    EXPECT_FALSE(box.take_lost());
}

}  // namespace
}  // namespace framewire::tests::inbox_tests
