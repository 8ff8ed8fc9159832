#pragma once

#include "descriptor.hpp"
#include "poller.hpp"

#include <functional>
#include <mutex>
#include <vector>

namespace framewire {

/// Functions that any thread gives to the thread of a loop, which calls them in order. Shared by
/// the loop and all who post, so it may outlive the loop.
class inbox final : public pollable {
public:
    /// What is posted must not throw.
    using task = std::function<void()>;

    /// Throws `std::system_error` if the system has no more descriptors.
    inbox();

    /// Lets the loop call `one` soon. After `close` it is dropped, on this thread. Thread-safe.
    void post(task one);
    /// Drops what is waiting, and everything posted later. Thread-safe.
    void close();

    /// Readable while tasks are waiting.
    [[nodiscard]] int descriptor() const noexcept { return wake_.get(); }
    /// Calls what was posted so far. What these tasks post is called the next time.
    void ready(interest found) override;

private:
    std::vector<task> take_all();

    owned_descriptor wake_;  // an eventfd
    std::mutex mutex_;
    std::vector<task> tasks_;
    bool is_closed_ = false;
};

}  // namespace framewire
