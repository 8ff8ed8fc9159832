#include "cli/json.hpp"
#include "report.hpp"

#include <cmath>

namespace framewire {
namespace {

double rounded(double value) noexcept { return std::round(value * 1e3) / 1e3; }

double rounded_seconds(std::chrono::nanoseconds time) noexcept {
    return rounded(in_seconds(time));
}

json_value measured(std::optional<std::chrono::nanoseconds> time) {
    return time ? json_value(in_microseconds(*time)) : json_value();
}

json_value measured(std::optional<double> value) {
    return value ? json_value(rounded(*value)) : json_value();
}

void add_latencies(json_value& to, const latency_histogram& of) {
    for (const auto& row : latency_rows(of)) to[row.key] = measured(row.value);
}

// Whole numbers are written without a point.
json_value number(double value) {
    const bool is_whole = value == std::floor(value) && value < 1e15;
    return is_whole ? json_value(static_cast<std::int64_t>(value)) : json_value(value);
}

json_value settings(const load_plan& plan) {
    json_value all = json_value::object();
    for (const auto& one : settings_of(plan)) {
        auto& value = all[one.name];
        if (one.number) {
            value = number(*one.number);
        } else if (!one.words.empty()) {
            value = one.words;
        }
    }
    return all;
}

json_value verdicts(const bench_outcome& of) {
    auto all = json_value::list();
    for (const auto& limit : of.fail_if) {
        const auto holds = limit.holds(of.result);
        all.push_back(json_value::object({{"condition", limit.text()},
                                          {"found", measured(limit.value(of.result))},
                                          {"missed", holds ? json_value(*holds) : json_value()}}));
    }
    return all;
}

json_value search(const rate_trials& of) {
    auto trials = json_value::list();
    for (const auto& one : of.trials) {
        trials.push_back(
            json_value::object({{"rate", number(one.rate)},
                                {"messages_per_second", rounded(one.messages_per_second)},
                                {"found", measured(one.found_us)},
                                {"p50_us", measured(one.p50)},
                                {"p99_us", measured(one.p99)},
                                {"late_p99_us", measured(one.late_p99)},
                                {"errors", one.errors},
                                {"passed", one.passed}}));
    }
    return json_value::object({{"condition", of.wanted.text()},
                               {"highest_rate", of.highest ? number(*of.highest) : json_value()},
                               {"trials", std::move(trials)}});
}

json_value comparison_of(const comparison& of) {
    auto rows = json_value::list();
    for (const auto& one : of.rows) {
        const auto clear = one.is_clear();
        rows.push_back(json_value::object({{"name", one.name},
                                           {"before", rounded(one.before)},
                                           {"now", rounded(one.now)},
                                           {"change_percent", rounded(one.change_percent())},
                                           {"spread_before", measured(one.spread_before)},
                                           {"spread_now", measured(one.spread_now)},
                                           {"clear", clear ? json_value(*clear) : json_value()}}));
    }
    auto differences = json_value::list();
    for (const auto& one : of.differences) differences.push_back(one);
    return json_value::object({{"path", of.path},
                               {"started", of.started},
                               {"rows", std::move(rows)},
                               {"differences", std::move(differences)}});
}

void add_counts(json_value& all, const load_result& done) {
    all["messages"] = done.tally.messages;
    all["bytes_sent"] = done.tally.bytes_sent;
    all["bytes_received"] = done.tally.bytes_received;
    all["duration_seconds"] = rounded_seconds(done.duration);
    all["errors"] = done.tally.faults();
    all["mismatched"] = done.tally.mismatched;
    all["out_of_order"] = done.tally.out_of_order;
    all["missing"] = done.tally.missing;
    all["unexpected"] = done.tally.unexpected;
    all["failed_connections"] = done.tally.failed_connections;
    all["failures"] = json_value::object();
    for (const auto& [name, count] : done.failures) all["failures"][name] = count;
    all["unsent"] = done.tally.unsent;
    all["interrupted"] = done.interrupted;
    all["ended_early"] = done.hopeless ? json_value(done.hopeless->message()) : json_value();
    all["cpu_seconds"] = rounded_seconds(done.cpu);
}

void add_rows(json_value& all, const load_result& done) {
    all["over_time"] = json_value::list();
    for (const auto& slice : done.slices) {
        const auto latency = [&](double percent) {
            return slice.latencies.empty()
                       ? json_value()
                       : json_value(in_microseconds(slice.percentile(percent)));
        };
        all["over_time"].push_back(json_value::list(
            {rounded_seconds(slice.end), rounded(slice.rate()), latency(99), latency(50)}));
    }
    all["histogram"] = json_value::list();
    for (const auto& bucket : done.latency.buckets()) {
        all["histogram"].push_back(
            json_value::list({in_microseconds(bucket.upper), bucket.count}));
    }
}

}  // namespace

std::string bench_json(const bench_outcome& of) {
    const auto& done = of.result;
    json_value all;
    all["messages_per_second"] = rounded(done.messages_per_second());
    add_latencies(all, done.latency);
    if (of.is_open_loop()) {
        add_latencies(all["uncorrected"], done.uncorrected);
        add_latencies(all["late"], done.late);
    }
    add_latencies(all["connect"], done.connect);
    add_counts(all, done);
    all["notes"] = json_value::list();
    for (const auto& note : notes_of(of)) all["notes"].push_back(note);
    all["fail_if"] = verdicts(of);
    if (of.search) all["find_rate"] = search(*of.search);
    if (of.compared) all["compared"] = comparison_of(*of.compared);
    all["version"] = of.facts.version;
    all["started"] = of.facts.started;
    all["host"] = json_value::object({{"name", of.facts.host},
                                      {"system", of.facts.system},
                                      {"processors", of.facts.processors}});
    all["command_line"] = of.facts.command_line;
    all["settings"] = settings(of.plan);
    add_rows(all, done);
    // Items on lines of their own would need a screen for a few numbers.
    return all.dump_rows() + '\n';
}

}  // namespace framewire
