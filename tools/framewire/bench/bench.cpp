#include "bench.hpp"

#include "cli/descriptor_limit.hpp"
#include "cli/file.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "cli/progress.hpp"
#include "framewire/core/units.hpp"
#include "load/load_run.hpp"
#include "load/rate_search.hpp"
#include "options.hpp"
#include "report.hpp"
#include "threshold.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <algorithm>
#include <csignal>
#include <ctime>
#include <memory>
#include <optional>
#include <utility>

namespace framewire {
namespace {

// A rate counts as kept if at least this share is reached.
constexpr double rate_kept = 0.97;
// Descriptors for everything besides connections.
constexpr std::uint64_t spare_descriptors = 32;

// Blocks the signals here and in the threads of the run, and polls them between snapshots.
class end_signals {
public:
    end_signals() {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        sigaddset(&signals_, SIGTERM);
        ::pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    }
    end_signals(const end_signals&) = delete;
    end_signals& operator=(const end_signals&) = delete;
    ~end_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

    [[nodiscard]] bool came() const {
        const timespec at_once{};
        return ::sigtimedwait(&signals_, nullptr, &at_once) > 0;
    }

private:
    sigset_t signals_{};
    sigset_t before_{};
};

std::vector<std::string> live_parts(const load_run::view& seen) {
    return {fmt::format("{} messages/s", format_count(seen.messages_per_second)),
            fmt::format("p99 {}", format_latency(seen.p99)), fmt::format("{} open", seen.open),
            fmt::format("{} errors", seen.faults)};
}

result<load_result> carry_out(const load_plan& plan) {
    constexpr std::chrono::milliseconds snapshot_pause{50};
    const end_signals signals;
    auto run = load_run::start(plan);
    if (!run) return tl::unexpected(run.error());
    progress line(true);
    while (!run->wait(snapshot_pause)) {
        if (signals.came()) run->stop();
        line.show(live_parts(run->snapshot()));
    }
    return run->finish();
}

bool write_report(const std::string& path, const std::string& content) {
    const auto written = write_file(path, content);
    if (!written) report("bench", written.error());
    return written.has_value();
}

// True if the run has results and no faults.
bool is_right(const load_result& done) {
    const auto fail = [](std::string why) { report("bench", {std::move(why)}); };
    if (done.interrupted) fail("interrupted: the report is of what was measured before");
    std::string faults;
    for (const auto& [name, count] : faults_of(done.tally)) {
        faults += fmt::format("{}{} {}", faults.empty() ? "" : ", ", count, name);
    }
    if (done.tally.faults() > 0) fail(faults);
    if (done.tally.messages == 0) fail("no reply was recorded");
    return !done.interrupted && done.tally.faults() == 0 && done.tally.messages > 0;
}

int conclude(const bench_options& given, const std::vector<threshold>& limits,
             const bench_outcome& outcome) {
    bool written = true;
    if (!given.json.empty()) written = write_report(given.json, bench_json(outcome));
    if (!given.html.empty()) written = write_report(given.html, bench_page(outcome)) && written;
    if (given.json != "-") written = write_report("-", bench_table(outcome)) && written;
    const bool right = is_right(outcome.result);
    bool missed = false;
    for (const auto& limit : limits) {
        if (!limit.holds(outcome.result)) continue;
        missed = true;
        report("bench", {fmt::format("{}: {}", limit.text(), limit.finding(outcome.result))});
    }
    if (!right || !written) return status_failed;
    return missed ? status_missed : status_done;
}

std::string trial_line(double rate, const load_result& done, const threshold& wanted,
                       bool passed) {
    auto line = fmt::format("{:>12} messages/s: {}", format_count(rate), wanted.finding(done));
    if (done.messages_per_second() < rate * rate_kept) {
        line += fmt::format(", only {} reached", format_count(done.messages_per_second()));
    }
    for (const auto& [name, count] : faults_of(done.tally)) {
        line += fmt::format(", {} {}", count, name);
    }
    return line + (passed ? ", passed\n" : ", failed\n");
}

// The best trial; nothing if none passed.
result<std::optional<bench_outcome>> search(const bench_options& given, load_plan plan,
                                            const threshold& wanted) {
    rate_search trials;
    std::optional<bench_outcome> best;
    while (const auto rate = trials.next()) {
        plan.rate = rate;
        auto done = carry_out(plan);
        if (!done) return tl::unexpected(done.error());
        const bool passed = wanted.holds(*done) && done->tally.faults() == 0 &&
                            done->messages_per_second() >= *rate * rate_kept;
        const auto line = trial_line(*rate, *done, wanted, passed);
        if (given.json == "-") {
            print_error(line);
        } else {
            print(line);
        }
        if (done->interrupted) return tl::unexpected(failure{"interrupted"});
        trials.record(passed);
        if (passed) best = bench_outcome{plan, std::move(*done)};
    }
    return best;
}

int run_search(const bench_options& given, const bench_plan& plan) {
    const auto& wanted = *plan.find_rate;
    const auto best = search(given, plan.load, wanted);
    if (!best || !*best) {
        report("bench",
               best ? failure{fmt::format("no rate keeps {}", wanted.text())} : best.error());
        return status_failed;
    }
    if (given.json != "-") {
        print(fmt::format("\nhighest rate with {}: {} messages/s\n\n", wanted.text(),
                          format_count(*(*best)->plan.rate)));
    }
    return conclude(given, plan.fail_if, **best);
}

int run_bench(bench_options given, std::vector<std::string> behind_border) {
    given.target.messages = std::move(behind_border);
    const auto plan = plan_bench(given);
    const auto descriptors = raise_descriptor_limit();
    if (descriptors < plan.load.connections + spare_descriptors) {
        report("bench", {fmt::format("only {} descriptors for {} connections", descriptors,
                                     plan.load.connections),
                         "raise 'ulimit -n', or lower --connections"});
        return status_failed;
    }
    if (plan.find_rate) return run_search(given, plan);
    auto done = carry_out(plan.load);
    if (!done) {
        report("bench", done.error());
        return status_failed;
    }
    return conclude(given, plan.fail_if, {plan.load, std::move(*done)});
}

}  // namespace

command add_bench(command_page& page) {
    const auto given = std::make_shared<bench_options>();
    add_bench_options(page, *given);
    page.describe("bench [PROTOCOL] [ADDRESS] [--framing SPEC]",
                  "  framewire bench :7000 -f digits:10 --connections 50 --in-flight 100\n"
                  "  framewire bench :7000 -f u16be --rate 10000 --fail-if 'p99>5ms'\n"
                  "  framewire bench walkthrough --find-rate 'p99<5ms' --html report.html");
    return [given](std::vector<std::string> messages) {
        return run_bench(*given, std::move(messages));
    };
}

}  // namespace framewire
