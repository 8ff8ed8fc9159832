#pragma once

#include "framewire/core/result.hpp"
#include "load_plan.hpp"
#include "load_result.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace framewire {

/// Load on a server, by threads of its own. The caller may watch it meanwhile.
///
/// Each thread is a `load_loop`. It owns its connections, a poller, a receive buffer and a send
/// buffer. Loops share the `workload`, which does not change, and flags to stop (`load_common`).
/// Each counts for itself; the results are added when all have ended (`load_result::add`), and
/// `snapshot` copies what a loop publishes every 50 ms.
///
/// A `load_connection` reads once, compares every frame of the read where it lies
/// (`reply_check::take_next`), looks closer only at what is not the next reply, and writes all
/// that may be sent by now with one call. `send_times` has one entry for all messages that were
/// sent at once, so a batch of equal latencies is one addition to the histogram. In the open loop
/// `schedule` computes when a message is due; nothing is queued.
class load_run {
public:
    /// What is seen from outside while it runs.
    struct view {
        std::uint64_t messages = 0;
        std::uint64_t faults = 0;
        std::uint64_t open = 0;
        double messages_per_second = 0;  // of the latest whole second
        std::chrono::nanoseconds p99{};
    };

    /// Fails if the host is not known.
    static result<load_run> start(load_plan plan);
    load_run(load_run&&) noexcept;
    load_run& operator=(load_run&&) = delete;
    /// Ends it at once.
    ~load_run();

    /// True if the run is over before `timeout` is.
    [[nodiscard]] bool wait(std::chrono::milliseconds timeout);
    [[nodiscard]] view snapshot() const;
    /// Nothing more is sent, and those that answer are heard out; the second time not even that.
    void stop();
    /// Waits for the end. Fails if a connection could not be made at the beginning. Call it once.
    result<load_result> finish();

private:
    struct state;
    explicit load_run(std::unique_ptr<state> own);

    std::unique_ptr<state> state_;
};

}  // namespace framewire
