#pragma once

#include "framewire/core/time.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>

namespace framewire {

/// Starts all threads of a run at once, when the last is ready.
class start_gate {
public:
    explicit start_gate(unsigned threads) : missing_(threads) {}

    /// Waits for the others. Returns the time at which all begin; nothing if the run was
    /// cancelled.
    std::optional<time_point> pass() {
        std::unique_lock lock(mutex_);
        if (--missing_ == 0 && !cancelled_) {
            begun_ = std::chrono::steady_clock::now();
            changed_.notify_all();
        }
        changed_.wait(lock, [&] { return begun_ || cancelled_; });
        return cancelled_ ? std::nullopt : begun_;
    }
    /// Releases all threads: the run does not begin.
    void cancel() {
        const std::lock_guard lock(mutex_);
        if (begun_) return;
        cancelled_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    unsigned missing_;
    std::optional<time_point> begun_;
    bool cancelled_ = false;
};

}  // namespace framewire
