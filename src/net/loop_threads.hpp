#pragma once

#include "framewire/core/result.hpp"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace framewire {

/// Threads that wait until there is something to run. They are made first, so that what cannot be
/// had is known before anything has begun.
class loop_threads {
public:
    loop_threads() = default;
    loop_threads(const loop_threads&) = delete;
    loop_threads& operator=(const loop_threads&) = delete;
    /// Waits for what they run.
    ~loop_threads() { join(); }

    /// Fails if the system has not so many. Requires: called once.
    result<void> start(std::size_t count);
    /// Calls `act(0)`, `act(1)` and so on, each on its thread; none of them may throw.
    void run(std::function<void(std::size_t)> act);
    /// Waits for the end of `run`; without it, ends the threads.
    void join();

private:
    void wait_and_run(std::size_t index);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::function<void(std::size_t)> act_;
    bool begun_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace framewire
