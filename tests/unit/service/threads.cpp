// Handles, deferred replies and rooms in the hands of several threads, while connections come and
// go on the thread of their loop.

#include "framewire/service/room.hpp"
#include "framewire/service/worker_pool.hpp"

#include "fake_connection.hpp"
#include "random_bytes.hpp"

#include <gtest/gtest.h>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace framewire::threads_tests {
namespace {

using tests::fake_connection;
using tests::random_bytes;

/// Runs tasks on a thread of its own, until it ends.
class loop_thread final : public executor {
public:
    void post(std::function<void()> task) override {
        const std::lock_guard lock(mutex_);
        if (ends_) return;
        tasks_.push_back(std::move(task));
        changed_.notify_one();
    }
    void notify_lost() noexcept override {}
    /// Waits for what was posted so far.
    void wait() {
        std::promise<void> done;
        post([&] { done.set_value(); });
        done.get_future().wait();
    }
    /// Drops what was posted, and what will be.
    void end() {
        {
            const std::lock_guard lock(mutex_);
            ends_ = true;
            changed_.notify_one();
        }
        if (thread_.joinable()) thread_.join();
        const auto dropped = std::exchange(tasks_, {});
    }

private:
    void run() {
        std::unique_lock lock(mutex_);
        while (true) {
            changed_.wait(lock, [this] { return ends_ || !tasks_.empty(); });
            if (ends_) return;
            auto tasks = std::exchange(tasks_, {});
            lock.unlock();
            for (auto& task : tasks) std::exchange(task, nullptr)();
            tasks.clear();
            lock.lock();
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::function<void()>> tasks_;
    bool ends_ = false;
    std::thread thread_{[this] { run(); }};
};

/// Ends the thread. Tasks own the executor, so it would never be destroyed by itself.
class running_loop {
public:
    running_loop() = default;
    running_loop(const running_loop&) = delete;
    running_loop& operator=(const running_loop&) = delete;
    ~running_loop() { loop_->end(); }

    loop_thread* operator->() const { return loop_.get(); }
    operator std::shared_ptr<executor>() const { return loop_; }

private:
    std::shared_ptr<loop_thread> loop_ = std::make_shared<loop_thread>();
};

// What all threads share: handles of connections that may be gone, and replies that are owed.
class shared_desk {
public:
    void add(const peer_handle& one) {
        const std::lock_guard lock(mutex_);
        handles_.push_back(one);
    }
    void add(deferred_reply one) {
        const std::lock_guard lock(mutex_);
        replies_.push_back(std::move(one));
    }
    peer_handle handle(random_bytes& random) {
        const std::lock_guard lock(mutex_);
        return handles_.empty() ? peer_handle() : handles_[random.below(handles_.size())];
    }
    deferred_reply reply() {
        const std::lock_guard lock(mutex_);
        if (replies_.empty()) return {};
        auto one = std::move(replies_.back());
        replies_.pop_back();
        return one;
    }

private:
    std::mutex mutex_;
    std::vector<peer_handle> handles_;
    std::vector<deferred_reply> replies_;
};

// Connections of one loop, which only its thread uses.
struct connections {
    connections(std::shared_ptr<executor> runs, shared_desk& all)
        : loop(std::move(runs)), desk(all) {}

    // One cycle of the loop: connections come and go, take what is pushed or not, and defer.
    void cycle() {
        if (open.size() < 20) {
            open.push_back(std::make_unique<fake_connection>(loop, ++count, std::size_t{1000}));
            desk.add(open.back()->handle());
        }
        auto& one = *open[random.below(open.size())];
        one.takes = random.below(3) > 0;
        if (one.takes) one.pull();
        desk.add(one.defer());
        if (random.below(8) == 0) {
            open.erase(open.begin() + static_cast<std::ptrdiff_t>(random.below(open.size())));
        }
    }

    std::shared_ptr<executor> loop;
    shared_desk& desk;
    random_bytes random{7};
    std::uint64_t count = 0;
    std::vector<std::unique_ptr<fake_connection>> open;
};

constexpr int threads = 4;
constexpr int steps = 3'000;

void use_all(shared_desk& desk, std::vector<room>& rooms, std::uint32_t seed) {
    constexpr overflow policies[] = {overflow::close, overflow::drop_oldest,
                                     overflow::drop_newest};
    random_bytes random(seed);
    for (int step = 0; step < steps; ++step) {
        const auto who = desk.handle(random);
        auto& some = rooms[random.below(rooms.size())];
        switch (random.below(9)) {
            case 0: who.push(random.letters(50), policies[random.below(3)]); break;
            case 1: desk.reply().reply("answer"); break;
            case 2: desk.reply().skip(); break;
            case 3: (void)desk.reply(); break;  // unanswered
            case 4: some.join(who); break;
            case 5: some.leave(who); break;
            case 6: some.send(random.letters(20), who); break;
            case 7: who.post([](outbox& replies) { (void)replies.reply("task"); }); break;
            default: (void)(some.size() + who.dropped() + (who.connected() ? 1U : 0U)); break;
        }
    }
}

TEST(threads, may_use_handles_replies_and_rooms_of_connections_that_come_and_go) {
    shared_desk desk;
    std::vector<room> rooms{room(overflow::close), room(overflow::drop_oldest),
                            room(overflow::drop_newest)};
    const running_loop first;
    const running_loop second;
    connections some(first, desk);
    connections others(second, desk);
    std::atomic<bool> all_done = false;
    std::function<void()> cycle = [&] {
        if (all_done) return;
        some.cycle();
        first->post(cycle);
    };
    std::function<void()> other_cycle = [&] {
        if (all_done) return;
        others.cycle();
        second->post(other_cycle);
    };
    first->post(cycle);
    second->post(other_cycle);
    std::vector<std::thread> all;
    for (std::uint32_t seed = 1; seed <= threads; ++seed)
        all.emplace_back([&, seed] { use_all(desk, rooms, seed); });
    for (auto& one : all) one.join();
    all_done = true;
    first->wait();
    second->wait();
    first->post([&] { some.open.clear(); });
    second->post([&] { others.open.clear(); });
    first->wait();
    second->wait();
    for (const auto& one : rooms) EXPECT_EQ(one.size(), 0U);
    EXPECT_GT(some.count, 0U);
    while (desk.reply().owed()) continue;
}

// Every member gets what each thread sent, in that thread's order.
TEST(threads, send_to_a_room_in_the_order_of_each) {
    constexpr int messages = 500;
    room all;
    const running_loop first;
    const running_loop second;
    std::vector<std::unique_ptr<fake_connection>> members;
    for (int i = 0; i < 6; ++i) {
        members.push_back(std::make_unique<fake_connection>(i < 3 ? first : second));
        all.join(members.back()->handle());
    }
    std::vector<std::thread> senders;
    for (int t = 0; t < threads; ++t) {
        senders.emplace_back([&, t] {
            for (int i = 0; i < messages; ++i)
                EXPECT_TRUE(all.send(std::string(1, static_cast<char>('a' + t)) +
                                     std::to_string(1000 + i)));
        });
    }
    for (auto& one : senders) one.join();
    first->wait();
    second->wait();
    EXPECT_EQ(all.size(), 6U);
    for (const auto& one : members) {
        const auto pushed = one->done();
        ASSERT_EQ(pushed.size(), static_cast<std::size_t>(threads * messages));
        std::vector<int> next(threads, 1000);
        for (const auto& text : pushed) {  // push 5:a1000
            auto& expected = next[static_cast<std::size_t>(text[7] - 'a')];
            ASSERT_EQ(text.substr(8), std::to_string(expected));
            ++expected;
        }
    }
    first->post([&] { members.erase(members.begin(), members.begin() + 3); });
    first->wait();
    second->post([&] { members.clear(); });
    second->wait();
    EXPECT_EQ(all.size(), 0U);
}

TEST(threads, push_more_than_a_peer_takes_and_lose_no_count) {
    constexpr int messages = 2'000;
    const running_loop loop;
    auto one = std::make_unique<fake_connection>(loop, 1, std::size_t{2000});
    const auto handle = one->handle();
    std::vector<std::thread> senders;
    for (int t = 0; t < threads; ++t) {
        senders.emplace_back([&, t] {
            const auto policy = t % 2 == 0 ? overflow::drop_oldest : overflow::drop_newest;
            for (int i = 0; i < messages; ++i) handle.push("a", policy);
        });
    }
    for (auto& each : senders) each.join();
    loop->wait();
    EXPECT_EQ(one->done().size() + handle.dropped(), static_cast<std::size_t>(threads * messages));
    loop->post([&] { one.reset(); });
    loop->wait();
}

TEST(threads, of_a_pool_answer_while_their_peers_leave) {
    const running_loop loop;
    std::atomic<int> answered = 0;
    worker_pool pool(threads);
    std::vector<std::unique_ptr<fake_connection>> open;
    random_bytes random(3);
    for (int round = 0; round < 500; ++round) {
        loop->post([&] {
            open.push_back(std::make_unique<fake_connection>(loop));
            for (int i = 0; i < 4; ++i) {
                pool.run([&, reply = std::make_shared<deferred_reply>(open.back()->defer())] {
                    if (reply->wanted()) ++answered;
                    reply->reply("done");
                });
            }
            if (open.size() > 5)
                open.erase(open.begin() + static_cast<std::ptrdiff_t>(random.below(open.size())));
        });
    }
    loop->wait();
    loop->post([&] { open.clear(); });
    loop->wait();
    EXPECT_LE(answered, 2000);
}

TEST(threads, outlive_the_loop_that_they_post_to) {
    for (int round = 0; round < 20; ++round) {
        const running_loop loop;
        auto one = std::make_unique<fake_connection>(loop);
        room all;
        all.join(one->handle());
        const auto handle = one->handle();
        std::vector<deferred_reply> replies;
        for (int i = 0; i < 50; ++i) replies.push_back(one->defer());
        std::thread other([&] {
            for (auto& reply : replies) {
                handle.push("a");
                all.send("b");
                reply.reply("c");
            }
        });
        loop->end();
        one.reset();
        other.join();
        EXPECT_FALSE(handle.connected());
    }
}

}  // namespace
}  // namespace framewire::threads_tests
