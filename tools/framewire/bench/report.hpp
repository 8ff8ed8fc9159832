#pragma once

#include "facts.hpp"
#include "load/load_plan.hpp"
#include "load/load_result.hpp"
#include "threshold.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace framewire {

/// A trial of `--find-rate`.
struct rate_trial {
    double rate = 0;  // what was wanted
    double messages_per_second = 0;
    /// Of the condition, and of the usual percentiles; nothing if there was no reply.
    std::optional<double> found_us{};
    std::optional<std::chrono::nanoseconds> p50{};
    std::optional<std::chrono::nanoseconds> p99{};
    std::optional<std::chrono::nanoseconds> late_p99{};
    std::uint64_t errors = 0;
    bool passed = false;
};

/// What `--find-rate` did.
struct rate_trials {
    threshold wanted;
    std::optional<double> highest{};
    std::vector<rate_trial> trials{};
};

/// A row of the comparison with an earlier report. Of values that were measured each second, the
/// spread is their standard deviation over the seconds of a run.
struct compared_row {
    std::string name;
    bool is_latency = false;  // in microseconds, and less is better
    double before = 0;
    double now = 0;
    std::optional<double> spread_before{};
    std::optional<double> spread_now{};

    [[nodiscard]] double change_percent() const noexcept;
    /// True if the change is larger than both spreads together; nothing if one is unknown.
    [[nodiscard]] std::optional<bool> is_clear() const noexcept;
};

/// A comparison with an earlier report.
struct comparison {
    std::string path;
    std::string started;
    std::vector<compared_row> rows;
    /// `connections: 4, now 8`
    std::vector<std::string> differences;
};

/// A run of `bench`, as its reports show it.
struct bench_outcome {
    load_plan plan;
    load_result result;
    run_facts facts{};
    std::vector<threshold> fail_if{};
    std::optional<rate_trials> search{};
    std::optional<comparison> compared{};

    [[nodiscard]] bool is_open_loop() const noexcept { return plan.rate.has_value(); }
};

[[nodiscard]] inline double in_seconds(std::chrono::nanoseconds time) noexcept {
    return std::chrono::duration<double>(time).count();
}

/// A setting of a run: a number, or words; nothing if it was not given.
struct setting {
    std::string_view name;
    std::optional<double> number{};
    std::string words{};
};
/// In the order of the help page.
[[nodiscard]] std::vector<setting> settings_of(const load_plan& plan);

/// A row of the table of latencies: `p99`, and the latency it is.
struct latency_row {
    std::string_view name;
    std::string_view key;
    /// Nothing if none was measured.
    std::optional<std::chrono::nanoseconds> value;
};
/// Percentiles, maximum and mean.
[[nodiscard]] std::vector<latency_row> latency_rows(const latency_histogram& of);

/// The columns of the table of latencies: names and what was measured.
struct latency_column {
    std::string_view name;
    const latency_histogram* latencies;
};
[[nodiscard]] std::vector<latency_column> latency_columns(const bench_outcome& of);

/// A bar of a histogram: so many took at most so long.
struct latency_bar {
    std::chrono::nanoseconds upper{};
    std::uint64_t count = 0;
};
/// With bounds of 1, 2, 5, 10, ...
[[nodiscard]] std::vector<latency_bar> latency_bars(const latency_histogram& latency);

/// Names and counts of faults; empty if there were none.
[[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> faults_of(
    const load_tally& tally);

/// How late this program sent its messages, if that is a large part of their latency.
[[nodiscard]] std::optional<std::string> late_words(const bench_outcome& of);

/// What a reader of the numbers must know: `late_words`, and whether this program was busy.
[[nodiscard]] std::vector<std::string> notes_of(const bench_outcome& of);

/// `850 ns`; `-` if it was not measured.
[[nodiscard]] std::string format_measured(std::optional<std::chrono::nanoseconds> latency);

/// The report for a person, on a terminal.
[[nodiscard]] std::string bench_table(const bench_outcome& of);
/// The report for a program.
[[nodiscard]] std::string bench_json(const bench_outcome& of);
/// The report as a page for a browser.
[[nodiscard]] std::string bench_page(const bench_outcome& of);
/// The latencies as HdrHistogram prints their percentiles (`.hgrm`), in milliseconds.
[[nodiscard]] std::string bench_hdr(const latency_histogram& of);

}  // namespace framewire
