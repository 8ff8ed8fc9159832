#pragma once

#include "framewire/service/detail/peer_link.hpp"

#include <cstddef>
#include <functional>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace framewire::tests {

/// A loop without a thread: tasks run when the test says so. Others may post meanwhile.
class manual_executor final : public executor {
public:
    void post(std::function<void()> task) override {
        if (lacks_memory) throw std::bad_alloc();
        const std::lock_guard lock(mutex_);
        if (!has_ended_) tasks_.push_back(std::move(task));
    }

    void notify_lost() noexcept override { ++lost; }
    bool lacks_memory = false;
    std::size_t lost = 0;

    /// Runs what was posted so far; returns how many tasks these were.
    std::size_t run() {
        auto tasks = take();
        for (auto& task : tasks) std::exchange(task, nullptr)();
        return tasks.size();
    }
    [[nodiscard]] std::size_t waiting() {
        const std::lock_guard lock(mutex_);
        return tasks_.size();
    }
    /// The loop ends: tasks are dropped, now and later.
    void end() {
        std::vector<std::function<void()>> dropped;
        const std::lock_guard lock(mutex_);
        has_ended_ = true;
        dropped.swap(tasks_);
    }

private:
    std::vector<std::function<void()>> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(tasks_, {});
    }

    std::mutex mutex_;
    std::vector<std::function<void()>> tasks_;
    bool has_ended_ = false;
};

}  // namespace framewire::tests
