#pragma once

#include "case_recording.hpp"
#include "case_runner.hpp"
#include "check_case.hpp"
#include "explain_finding.hpp"
#include "steps.hpp"
#include "verdict.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// One script, played over a connection of its own.
class script_run {
public:
    /// Requires: all arguments outlive this.
    script_run(const check_plan& plan, const check_row& row, const check_script& script,
               check_memory& memory)
        : plan_(plan),
          row_(row),
          script_(script),
          memory_(memory),
          recording_(plan.subject.frames, checked_end::server) {}

    /// The first thing that is wrong, if any.
    [[nodiscard]] std::optional<check_finding> play();
    /// Waits a moment for the server to serve a client, and notes if it accepts none.
    void wait_for_server();
    /// The first thing that is only unwise. Valid after `play` has found nothing.
    [[nodiscard]] const std::optional<check_finding>& advice() const noexcept { return advice_; }

private:
    using finding = std::optional<check_finding>;

    finding connect();
    finding perform(const check_step& step);
    finding flood(const check_step& step);
    finding send_data(const check_step& step);
    finding expect_replies(live_peer& from, const std::vector<std::string>& messages);
    finding expect_bytes(live_peer& from, const std::vector<std::string>& messages);
    finding expect_end(bool is_advice);
    // A finding, or if it is only unwise, nothing yet.
    finding advise(bool is_advice, check_finding why);
    finding serve_next();
    finding serve_crowd(std::size_t count);
    finding conclude();
    void end_stream();
    finding exchange(live_peer& with, bytes message);
    finding open_stream(live_peer& with);
    finding expect_refusal();
    finding add_silent_clients(std::size_t count);
    result<live_peer> open(bool is_plain = false);
    [[nodiscard]] bool is_of_tls() const noexcept;
    [[nodiscard]] std::chrono::milliseconds end_timeout() const;
    [[nodiscard]] check_finding found(std::string expected, std::string seen,
                                      std::optional<std::uint64_t> offset,
                                      std::string advice = {});

    const check_plan& plan_;
    const check_row& row_;
    const check_script& script_;
    check_memory& memory_;
    std::optional<live_peer> peer_;
    std::vector<live_peer> silent_;
    case_recording recording_;
    std::string sent_;      // in pieces, as in a transcript
    std::string received_;  // the first bytes
    std::size_t pieces_ = 0;
    finding advice_;
};

}  // namespace framewire
