#pragma once

#include "check_case.hpp"
#include "framewire/core/result.hpp"
#include "framewire/io/address.hpp"
#include "player/live_peer.hpp"
#include "verdict.hpp"

#include <atomic>
#include <chrono>
#include <string>

namespace framewire {

/// Which server is checked, and how it is talked to.
struct check_plan {
    address where;
    check_subject subject;
    live_settings connection;
};

/// Connects, and finds out what cannot be known from the service: of `any`, whether there are
/// replies, and whether the connection ends after the first. Fails if it cannot connect.
[[nodiscard]] result<void> learn_about(check_plan& plan);

/// Runs cases, one at a time in each thread. Thread-safe.
class case_runner {
public:
    /// Requires: the plan outlives this.
    explicit case_runner(const check_plan& plan) : plan_(plan) {}

    /// Ends at the first script that fails. A server that is still there serves the next client.
    [[nodiscard]] check_outcome run(const check_case& one);

private:
    const check_plan& plan_;
    // Where the end of a connection did not come once, it is not waited for as long again.
    std::atomic<bool> keeps_open_{false};
};

}  // namespace framewire
