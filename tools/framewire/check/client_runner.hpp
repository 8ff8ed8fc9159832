#pragma once

#include "case_runner.hpp"
#include "check_case.hpp"
#include "client_run.hpp"
#include "client_source.hpp"
#include "framewire/core/result.hpp"
#include "verdict.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// Runs cases of a client, each script with another connection of it.
class client_runner {
public:
    /// Requires: both arguments outlive this.
    client_runner(const check_plan& plan, client_source& clients)
        : plan_(plan), clients_(clients) {}

    /// Waits for a client, and finds out what it usually does: the first case. Fails if none
    /// comes, which ends the others.
    result<check_outcome> learn();
    /// The other cases that apply. Requires: `learn` has not failed.
    [[nodiscard]] std::vector<check_case> cases() const;
    /// A client must connect again after each script, but for the last of all.
    [[nodiscard]] check_outcome run(const check_case& one, bool is_last);

    [[nodiscard]] const client_habits& usual() const noexcept { return usual_; }

private:
    result<client_visit> next_client();
    /// True if another client waits, or can be run.
    bool comes_back();
    [[nodiscard]] std::chrono::milliseconds return_time() const;
    void run_scripts(const check_case& one, bool is_last, check_outcome& outcome);

    const check_plan& plan_;
    client_source& clients_;
    client_habits usual_;
    std::optional<client_visit> waiting_;
    std::string gone_;  // why no client comes any more, or none can pass
    bool keeps_open_ = false;
};

}  // namespace framewire
