#pragma once

#include "framewire/core/result.hpp"
#include "load_plan.hpp"
#include "load_result.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace framewire {

/// Puts load on a server in threads of its own, while the caller may watch.
///
/// Each thread is a `load_loop`. It owns its connections, a poller, a receive buffer and a send
/// buffer. Loops share the `workload`, which does not change, and flags to stop (`load_common`).
/// Each has its own counters; the results are added when all have ended (`load_result::add`), and
/// `snapshot` copies what a loop publishes every 50 ms.
///
/// A `load_connection` reads once, compares every frame of the read in place
/// (`reply_check::take_next`), examines only what is not the next reply, and sends all messages
/// that are due with one call. `send_times` has one entry for all messages that were
/// sent at once, so a batch of equal latencies is one addition to the histogram. In the open loop
/// `schedule` computes when a message is due; nothing is queued.
class load_run {
public:
    /// The state of a run in progress.
    struct view {
        std::uint64_t messages = 0;
        std::uint64_t faults = 0;
        std::uint64_t open = 0;
        double messages_per_second = 0;  // of the latest whole second
        std::chrono::nanoseconds p99{};
        std::chrono::nanoseconds elapsed{};  // of the recorded time
    };

    /// Fails if the host cannot be resolved.
    static result<load_run> start(load_plan plan);
    load_run(load_run&&) noexcept;
    load_run& operator=(load_run&&) = delete;
    /// Ends the run at once.
    ~load_run();

    /// True if the run ends within `timeout`.
    [[nodiscard]] bool wait(std::chrono::milliseconds timeout);
    [[nodiscard]] view snapshot() const;
    /// Stops sending and waits for replies; the second call ends that wait, too.
    void stop();
    /// Waits for the end. Fails if connecting failed at the beginning. Requires: called once.
    result<load_result> finish();

private:
    struct state;
    explicit load_run(std::unique_ptr<state> own);

    std::unique_ptr<state> state_;
};

}  // namespace framewire
