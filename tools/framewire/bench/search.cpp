#include "search.hpp"

#include "load/rate_search.hpp"
#include "measure.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {
namespace {

// A rate counts as kept if at least this share is reached.
constexpr double rate_kept = 0.97;

std::optional<std::chrono::nanoseconds> percentile(const latency_histogram& of, double percent) {
    if (of.count() == 0) return std::nullopt;
    return of.percentile(percent);
}

rate_trial judge(double rate, const load_result& done, const threshold& wanted) {
    const bool kept = done.messages_per_second() >= rate * rate_kept;
    return {.rate = rate,
            .messages_per_second = done.messages_per_second(),
            .found_us = wanted.value(done),
            .p50 = percentile(done.latency, 50),
            .p99 = percentile(done.latency, 99),
            .late_p99 = percentile(done.late, 99),
            .errors = done.tally.faults(),
            .passed = wanted.holds(done).value_or(false) && kept && done.tally.faults() == 0};
}

std::string trial_line(const rate_trial& trial, const load_result& done, const threshold& wanted) {
    auto line =
        fmt::format("{:>12} messages/s: {}", format_count(trial.rate), wanted.finding(done));
    if (trial.messages_per_second < trial.rate * rate_kept) {
        line += fmt::format(", only {} reached", format_count(trial.messages_per_second));
    }
    for (const auto& [name, count] : faults_of(done.tally)) {
        line += fmt::format(", {} {}", count, name);
    }
    return line + (trial.passed ? ", passed\n" : ", failed\n");
}

}  // namespace

result<bench_outcome> find_rate(load_plan plan, const threshold& wanted,
                                const std::function<void(std::string_view)>& print_line) {
    rate_search search;
    rate_trials all{.wanted = wanted};
    std::optional<bench_outcome> shown;
    while (const auto rate = search.next()) {
        plan.rate = rate;
        const auto facts = read_facts();
        auto done = measure(plan);
        if (!done) return tl::unexpected(done.error());
        if (done->interrupted) return tl::unexpected(failure{"interrupted"});
        all.trials.push_back(judge(*rate, *done, wanted));
        const auto& trial = all.trials.back();
        print_line(trial_line(trial, *done, wanted));
        search.record(trial.passed);
        const bool is_hopeless = done->hopeless.has_value();
        if (trial.passed) all.highest = rate;
        if (trial.passed || !all.highest) {
            shown = bench_outcome{.plan = plan, .result = std::move(*done), .facts = facts};
        }
        if (is_hopeless) break;
    }
    shown->search = std::move(all);
    return std::move(*shown);
}

}  // namespace framewire
