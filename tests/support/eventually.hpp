#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

namespace framewire::tests {

/// How long a test waits for an event; far longer than it takes.
inline constexpr std::chrono::seconds test_timeout{10};

/// True once `condition` holds; false if it does not within `test_timeout`.
template <class Condition>
[[nodiscard]] bool eventually(Condition condition) {
    const auto until = std::chrono::steady_clock::now() + test_timeout;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return condition();
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

/// One thread waits until another opens it, once and for all.
class gate {
public:
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }
    /// Throws if it does not open within `test_timeout`.
    void pass() {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, test_timeout, [&] { return open_; })) {
            throw std::runtime_error("a gate stayed closed");
        }
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

}  // namespace framewire::tests
