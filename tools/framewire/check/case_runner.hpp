#pragma once

#include "check_case.hpp"
#include "framewire/core/result.hpp"
#include "framewire/io/address.hpp"
#include "player/live_peer.hpp"
#include "verdict.hpp"

#include <sys/types.h>
#include <atomic>
#include <chrono>
#include <string>

namespace framewire {

/// Which server is checked, and how it is talked to.
struct check_plan {
    address where;
    check_subject subject;
    live_settings connection;
    /// The server's process, if its memory is to be read while there is load.
    pid_t process = 0;
    /// Findings have their conversations.
    bool is_recorded = false;
};

/// What earlier cases have shown, for later ones.
struct check_memory {
    /// The server does not end a connection where it should: that is not waited for as long again.
    std::atomic<bool> keeps_open{false};
    /// A case was not passed: the server may be away, and perhaps comes back.
    std::atomic<bool> is_shaken{false};
    /// It accepts no more connections.
    std::atomic<bool> is_gone{false};
    /// The simplest case has failed, so that no other can pass.
    std::atomic<bool> is_hopeless{false};
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
    /// Once the server is gone, all further cases are skipped.
    [[nodiscard]] check_outcome run(const check_case& one);

private:
    void recover();
    [[nodiscard]] check_level level_of(const check_row& row) const;
    static void judge_memory(const memory_use& used, check_outcome& outcome);
    void run_scripts(const check_case& one, check_outcome& outcome);

    const check_plan& plan_;
    check_memory memory_;
};

}  // namespace framewire
