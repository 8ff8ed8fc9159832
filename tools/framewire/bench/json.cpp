#include "cli/json.hpp"
#include "report.hpp"

#include <cmath>

namespace framewire {
namespace {

// Three digits after the point: nanoseconds.
double in_microseconds(std::chrono::nanoseconds time) noexcept {
    return static_cast<double>(time.count()) / 1e3;
}

double rounded(double value) noexcept { return std::round(value * 1e3) / 1e3; }

double rounded_seconds(std::chrono::nanoseconds time) noexcept {
    return rounded(in_seconds(time));
}

void add_latencies(json_value& to, const latency_histogram& of) {
    for (const auto& row : latency_rows(of)) to[row.key] = in_microseconds(row.value);
}

}  // namespace

std::string bench_json(const bench_outcome& of) {
    const auto& done = of.result;
    json_value all;
    all["messages_per_second"] = rounded(done.messages_per_second());
    add_latencies(all, done.latency);
    if (of.is_open_loop()) add_latencies(all["uncorrected"], done.uncorrected);
    all["messages"] = done.tally.messages;
    all["bytes_sent"] = done.tally.bytes_sent;
    all["bytes_received"] = done.tally.bytes_received;
    all["duration_seconds"] = rounded_seconds(done.duration);
    all["mismatched"] = done.tally.mismatched;
    all["out_of_order"] = done.tally.out_of_order;
    all["missing"] = done.tally.missing;
    all["unexpected"] = done.tally.unexpected;
    all["failed_connections"] = done.tally.failed_connections;
    all["failures"] = json_value::object();
    for (const auto& [name, count] : done.failures) all["failures"][name] = count;
    all["unsent"] = done.tally.unsent;
    all["interrupted"] = done.interrupted;
    all["cpu_seconds"] = rounded_seconds(done.cpu);
    all["settings"] = json_value::object();
    for (const auto& [name, value] : settings_of(of.plan)) all["settings"][name] = value;
    all["over_time"] = json_value::list();
    for (const auto& slice : done.slices) {
        all["over_time"].push_back(
            json_value::list({rounded_seconds(slice.end), rounded(slice.rate()),
                              in_microseconds(slice.percentile(99))}));
    }
    all["histogram"] = json_value::list();
    for (const auto& bucket : done.latency.buckets()) {
        all["histogram"].push_back(
            json_value::list({in_microseconds(bucket.upper), bucket.count}));
    }
    // Items on lines of their own would need a screen for a few numbers.
    return all.dump_rows() + '\n';
}

}  // namespace framewire
