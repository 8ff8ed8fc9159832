#pragma once

#include "report.hpp"

#include <string>

namespace framewire {

// Diagrams of a report, as HTML. Each is empty where there is nothing to draw.

/// Latency by percentile, each nine as wide as the others.
[[nodiscard]] std::string latency_diagram(const bench_outcome& of);
/// How many took how long.
[[nodiscard]] std::string histogram_diagram(const load_result& done);
/// Messages per second, second by second.
[[nodiscard]] std::string throughput_diagram(const load_result& done);
/// The 99th percentile, second by second.
[[nodiscard]] std::string p99_diagram(const load_result& done);
/// The 99th percentile of each trial of `--find-rate`, by its rate.
[[nodiscard]] std::string search_diagram(const bench_outcome& of);

}  // namespace framewire
