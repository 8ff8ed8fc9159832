#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/service/deferred_reply.hpp"
#include "framewire/service/service.hpp"

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace framewire {

/// Threads for work that takes time: no event loop waits for it. Thread-safe.
class worker_pool {
public:
    /// Requires: at least one thread. Throws `std::system_error` if the system has no more.
    explicit worker_pool(unsigned threads);
    worker_pool(const worker_pool&) = delete;
    worker_pool& operator=(const worker_pool&) = delete;
    /// Waits for running tasks; those that have not begun are dropped.
    ~worker_pool();

    /// Runs the task as soon as a thread is free, in the order of the calls. Must not throw.
    void run(std::function<void()> task);

private:
    void work();
    void stop();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::list<std::function<void()>> tasks_;  // one that is empty needs no memory
    bool stops_ = false;
    std::vector<std::thread> threads_;
};

/// A service that answers each whole payload on a thread of the pool. Payloads of one connection
/// are answered in parallel; their replies keep the order of the requests, unless `replies` is
/// `as_completed`. A connection has at most `limits::deferred_max` payloads in the pool, and they
/// count against `limits::queued_bytes_max`; at either limit, nothing is read from its peer. If
/// the function throws, the connection ends with `service.failed`.
/// Requires: the pool outlives the server.
[[nodiscard]] service_factory offload(worker_pool& pool,
                                      std::function<std::string(bytes payload)> answer,
                                      order replies = order::as_received);

}  // namespace framewire
