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

/// Names and values of a run's settings, in the order of the help page.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> settings_of(const load_plan& plan);

/// A row of the table of latencies: `p99`, and the latency it is.
struct latency_row {
    std::string_view name;
    std::string_view key;
    std::chrono::nanoseconds value;
};
/// Percentiles, maximum and mean.
[[nodiscard]] std::vector<latency_row> latency_rows(const latency_histogram& of);

/// Names and counts of faults; empty if there were none.
[[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> faults_of(
    const load_tally& tally);

/// The report for a person, on a terminal.
[[nodiscard]] std::string bench_table(const bench_outcome& of);
/// The report for a program.
[[nodiscard]] std::string bench_json(const bench_outcome& of);
/// The report as a page for a browser.
[[nodiscard]] std::string bench_page(const bench_outcome& of);

}  // namespace framewire
