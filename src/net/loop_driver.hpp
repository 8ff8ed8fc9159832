#pragma once

#include "event_loop.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace framewire {

/// Runs an event loop on the threads that wait for it, one at a time: the first one drives it,
/// also for the others. A thread of its own may take over, for good. All functions are
/// thread-safe unless they say otherwise.
class loop_driver {
public:
    using task = std::function<void()>;
    using condition = std::function<bool()>;

    /// `after_round` is called on the driving thread after each round of the loop. Throws
    /// `std::system_error` if the system has no more descriptors.
    explicit loop_driver(task after_round);
    loop_driver(const loop_driver&) = delete;
    loop_driver& operator=(const loop_driver&) = delete;
    /// Requires: `stop` has been called if `start_thread` was.
    ~loop_driver() = default;

    /// For what is called on the driving thread.
    [[nodiscard]] event_loop& loop() noexcept { return loop_; }

    /// Calls `first` on the driving thread, which may be this one, and returns once `done()`,
    /// which is called under `mutex`. Returns false, and does nothing, if this thread is already
    /// driving. Who makes it done calls `notify`.
    bool run(const task& first, const condition& done);
    /// True on the thread that drives.
    [[nodiscard]] bool drives() const {
        const std::lock_guard lock(mutex_);
        return drives_here();
    }
    /// Calls the task soon on the thread of its own. Requires: started.
    void post(task one) { loop_.post(std::move(one)); }

    [[nodiscard]] std::mutex& mutex() const noexcept { return mutex_; }
    void notify() noexcept { changed_.notify_all(); }

    /// Lets a thread of its own drive from now on, which keeps `owner` until it ends. Throws
    /// `std::system_error` if there is none. Does nothing if there is one already.
    void start_thread(std::shared_ptr<void> owner);
    /// Ends that thread after the current round; other threads do not wait any more. On a thread
    /// that does not drive, returns when it has ended.
    void stop();

private:
    class driving;
    void drive(std::unique_lock<std::mutex>& lock, const condition& done,
               const task* first = nullptr);
    void drive_for_good();
    [[nodiscard]] bool drives_here() const noexcept {
        return driver_ == std::this_thread::get_id();
    }
    [[nodiscard]] bool may_drive() const noexcept {
        return driver_ == std::thread::id() && !is_wanted_;
    }

    event_loop loop_;
    task after_round_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::thread::id driver_;  // of no thread while none drives
    bool is_wanted_ = false;  // by the thread of its own, which has not begun
    bool stops_ = false;
    std::thread thread_;
};

}  // namespace framewire
