#include "report.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace framewire {
namespace {

using json = nlohmann::ordered_json;

// Three digits behind the point: nanoseconds.
double in_microseconds(std::chrono::nanoseconds time) noexcept {
    return static_cast<double>(time.count()) / 1e3;
}

double rounded(double value) noexcept { return std::round(value * 1e3) / 1e3; }

double rounded_seconds(std::chrono::nanoseconds time) noexcept {
    return rounded(in_seconds(time));
}

json latencies(const latency_histogram& of) {
    json keys;
    for (const auto& row : latency_rows(of)) keys[row.key] = in_microseconds(row.value);
    return keys;
}

}  // namespace

std::string bench_json(const bench_outcome& of) {
    const auto& done = of.result;
    json all;
    all["messages_per_second"] = rounded(done.messages_per_second());
    all.update(latencies(done.latency));
    if (of.is_open_loop()) all["uncorrected"] = latencies(done.uncorrected);
    all["messages"] = done.tally.messages;
    all["bytes_sent"] = done.tally.bytes_sent;
    all["bytes_received"] = done.tally.bytes_received;
    all["duration_seconds"] = rounded_seconds(done.duration);
    all["mismatched"] = done.tally.mismatched;
    all["out_of_order"] = done.tally.out_of_order;
    all["missing"] = done.tally.missing;
    all["unexpected"] = done.tally.unexpected;
    all["failed_connections"] = done.tally.failed_connections;
    all["failures"] = json::object();
    for (const auto& [name, count] : done.failures) all["failures"][name] = count;
    all["unsent"] = done.tally.unsent;
    all["interrupted"] = done.interrupted;
    all["cpu_seconds"] = rounded_seconds(done.cpu);
    all["settings"] = json::object();
    for (const auto& [name, value] : settings_of(of.plan)) all["settings"][name] = value;
    all["over_time"] = json::array();
    for (const auto& slice : done.slices) {
        all["over_time"].push_back({rounded_seconds(slice.end), rounded(slice.rate()),
                                    in_microseconds(slice.percentile(99))});
    }
    all["histogram"] = json::array();
    for (const auto& bucket : done.latency.buckets()) {
        all["histogram"].push_back({in_microseconds(bucket.upper), bucket.count});
    }
    // A key a line: long lists would take a screen for every few numbers.
    std::string text;
    for (const auto& [key, value] : all.items()) {
        text += text.empty() ? "{\n" : ",\n";
        // A framing's spec or a path may be no UTF-8.
        text += " \"" + key + "\": " + value.dump(-1, ' ', false, json::error_handler_t::replace);
    }
    return text + "\n}\n";
}

}  // namespace framewire
