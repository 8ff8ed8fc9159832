#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

namespace framewire::tests {

/// How long a test waits for something that should happen; far longer than it takes.
inline constexpr std::chrono::seconds patience{10};

/// True once `condition` holds; false if it does not within `patience`.
template <class Condition>
[[nodiscard]] bool eventually(Condition condition) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return condition();
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

/// Something that one thread waits for and another lets happen, once and for all.
class gate {
public:
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }
    /// Throws if it does not open within `patience`.
    void pass() {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, patience, [&] { return open_; })) {
            throw std::runtime_error("a gate stayed closed");
        }
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

}  // namespace framewire::tests
