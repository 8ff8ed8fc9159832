#pragma once

#include "load/load_plan.hpp"
#include "load/load_result.hpp"
#include "threshold.hpp"

#include <string>
#include <utility>
#include <vector>

namespace framewire {

/// A run of `bench`, as its reports show it.
struct bench_outcome {
    load_plan plan;
    load_result result;

    [[nodiscard]] bool is_open_loop() const noexcept { return plan.rate.has_value(); }
};

[[nodiscard]] inline double in_seconds(std::chrono::nanoseconds time) noexcept {
    return std::chrono::duration<double>(time).count();
}

/// Names and values of what a run was told, in the order of the help page.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> settings_of(const load_plan& plan);

/// A row of the table of latencies: `p99`, and the latency it is.
struct latency_row {
    std::string_view name;
    std::string_view key;
    std::chrono::nanoseconds value;
};
/// Percentiles, the longest and the mean.
[[nodiscard]] std::vector<latency_row> latency_rows(const latency_histogram& of);

/// Names and counts of what was wrong; empty if nothing was.
[[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> faults_of(
    const load_tally& tally);

/// The report for a person, on a terminal.
[[nodiscard]] std::string bench_table(const bench_outcome& of);
/// For a program.
[[nodiscard]] std::string bench_json(const bench_outcome& of);
/// A page of its own, for a browser.
[[nodiscard]] std::string bench_page(const bench_outcome& of);

}  // namespace framewire
