#pragma once

#include "descriptor.hpp"
#include "poller.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <vector>

namespace framewire {

/// Functions that any thread gives to the thread of a loop, which calls them in order. Shared by
/// the loop and all who post, so it may outlive the loop.
class inbox final : public pollable {
public:
    using task = std::function<void()>;

    /// So many urgent tasks may wait at a time.
    static constexpr std::size_t urgent_max = 8;

    /// Throws `std::system_error` if the system has no more descriptors.
    inbox();

    /// Lets the loop call `one` soon. After `close` it is dropped, on this thread. Thread-safe.
    void post(task one);
    /// The same, but needs no memory. Dropped if `urgent_max` wait. Requires: the task owns no
    /// memory, as those that hold no more than two pointers.
    void post_urgent(task one) noexcept;
    /// Somebody had no memory to post: `take_lost` returns true once. Thread-safe.
    void notify_lost() noexcept;
    [[nodiscard]] bool take_lost() noexcept {
        return has_lost_.load(std::memory_order_relaxed) && has_lost_.exchange(false);
    }
    /// Drops what is waiting, and everything posted later. Thread-safe.
    void close();

    /// Readable while tasks are waiting.
    [[nodiscard]] int descriptor() const noexcept { return wake_.get(); }
    /// Calls what was posted so far. What these tasks post is called the next time, and so are
    /// those after one that throws.
    void ready(interest found) override;

private:
    void take_all();
    void empty_taken() noexcept;
    void wake() noexcept;

    owned_descriptor wake_;  // an eventfd
    std::mutex mutex_;
    std::vector<task> tasks_;  // has room for urgent ones
    bool is_closed_ = false;
    std::atomic<bool> has_lost_{false};
    // Of the loop: what is being called, and the first that has not been.
    std::vector<task> taken_;
    std::size_t next_ = 0;
};

}  // namespace framewire
