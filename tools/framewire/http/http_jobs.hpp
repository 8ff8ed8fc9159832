#pragma once

#include "http_message.hpp"
#include "io/descriptor.hpp"
#include "io/poller.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <thread>

namespace framewire {

/// Makes responses that take time, each on a thread of its own, and passes them to a loop.
class http_jobs final : private pollable {
public:
    /// Receives the number given to `start`, and the response; nothing if the work threw.
    using receiver =
        std::function<void(std::uint64_t number, std::optional<http_response> answer)>;

    /// `in` calls `receive`. Requires: `in` outlives this.
    http_jobs(poller& in, receiver receive);
    /// Requests all work to stop, and waits for it.
    ~http_jobs() override;
    http_jobs(const http_jobs&) = delete;
    http_jobs& operator=(const http_jobs&) = delete;

    /// False if the system provides no thread, or no memory.
    [[nodiscard]] bool start(std::uint64_t number, http_work work);

private:
    struct job {
        explicit job(std::uint64_t which) noexcept : number(which) {}

        std::uint64_t number;
        std::atomic<bool> has_ended{false};
        std::optional<http_response> answer{};
        std::jthread thread{};
    };
    using job_list = std::list<job>;

    void ready(interest found) override;
    void run(job_list::iterator one, const http_work& work, std::stop_token stop) noexcept;

    poller& poller_;
    receiver receive_;
    owned_descriptor ended_event_;  // an eventfd
    job_list jobs_;
};

}  // namespace framewire
