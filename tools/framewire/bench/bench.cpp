#include "bench.hpp"

#include "cli/descriptor_limit.hpp"
#include "cli/explain.hpp"
#include "cli/file.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "compare.hpp"
#include "measure.hpp"
#include "options.hpp"
#include "report.hpp"
#include "search.hpp"
#include "transport/tls_transports.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <memory>
#include <utility>

namespace framewire {
namespace {

// Descriptors for everything besides connections.
constexpr std::uint64_t spare_descriptors = 32;
// What other programs take for a total; few servers keep so many on one connection.
constexpr std::uint64_t in_flight_like_total = 200;

bool write_report(const std::string& path, const std::string& content) {
    if (path.empty()) return true;
    const auto written = write_file(path, content);
    if (!written) report("bench", written.error());
    return written.has_value();
}

std::string fault_list(const load_tally& tally) {
    std::string faults;
    for (const auto& [name, count] : faults_of(tally)) {
        faults += fmt::format("{}{} {}", faults.empty() ? "" : ", ", count, name);
    }
    return faults;
}

failure without_reply(const bench_outcome& of) {
    const auto& error = *of.result.hopeless;
    auto hint = fmt::format("is --framing {} right?", of.plan.messages.framing().spec());
    if (error.code == errc::io_timeout_reply) {
        hint += " Where a server never replies, use --expect none";
    }
    const auto explained = explain(error, unnamed_protocol().client);
    if (!explained.hint.empty()) hint = explained.hint;
    return {"no connection got a reply: " + error.message(), std::move(hint)};
}

// True if the run has results and no faults, or a condition judges the faults.
bool is_right(const bench_outcome& of) {
    const auto& done = of.result;
    if (done.hopeless) {
        report("bench", without_reply(of));
        return false;
    }
    const auto fail = [](std::string why) { report("bench", {std::move(why)}); };
    if (done.interrupted) fail("interrupted: the report is of what was measured before");
    const bool is_judged = std::ranges::any_of(of.fail_if, &threshold::is_about_errors);
    const bool has_faults = done.tally.faults() > 0 && !is_judged;
    if (has_faults) fail(fault_list(done.tally));
    if (done.tally.messages == 0) {
        fail(of.plan.expects_replies() ? "no reply was recorded" : "no message was sent");
    }
    return !done.interrupted && !has_faults && done.tally.messages > 0;
}

// True if one is missed.
bool judge(const bench_outcome& of) {
    bool missed = false;
    for (const auto& limit : of.fail_if) {
        if (!limit.holds(of.result).value_or(false)) continue;
        missed = true;
        const bool may_be_ours = limit.is_about_latency() && !limit.is_upper_bound() &&
                                 limit.about() == threshold::series::latency;
        report("bench", {fmt::format("threshold missed: fail if {}, and {}", limit.text(),
                                     limit.finding(of.result)),
                         may_be_ours ? late_words(of).value_or("") : ""});
    }
    return missed;
}

int conclude(const bench_options& given, const bench_outcome& outcome) {
    bool written = write_report(given.json, bench_json(outcome));
    written = write_report(given.html, bench_page(outcome)) && written;
    written = write_report(given.hdr, bench_hdr(outcome.result.latency)) && written;
    if (given.json != "-") {
        auto table = bench_table(outcome);
        if (outcome.compared) table += '\n' + comparison_table(*outcome.compared);
        written = write_report("-", table) && written;
    }
    const bool right = is_right(outcome);
    const bool missed = judge(outcome);
    const bool found = !outcome.search || outcome.search->highest;
    if (!found && !outcome.result.hopeless) {
        report("bench", {fmt::format("no rate keeps {}", outcome.search->wanted.text())});
    }
    if (!right || !written || !found) return status_failed;
    return missed ? status_missed : status_done;
}

result<bench_outcome> carry_out(const bench_options& given, const bench_plan& plan) {
    if (!plan.find_rate) {
        auto facts = read_facts();
        auto done = measure(plan.load);
        if (!done) return tl::unexpected(done.error());
        return bench_outcome{
            .plan = plan.load, .result = std::move(*done), .facts = std::move(facts)};
    }
    const bool is_for_program = given.json == "-";
    auto found = find_rate(plan.load, *plan.find_rate, [&](std::string_view line) {
        is_for_program ? print_error(line) : print(line);
    });
    if (found && found->search->highest && !is_for_program) {
        print(fmt::format("\nhighest rate with {}: {} messages/s\n\n", plan.find_rate->text(),
                          format_count(*found->search->highest)));
    }
    return found;
}

void warn_of_total(const bench_options& given) {
    const bool is_bounded = given.count > 0 || given.rate > 0 || !given.find_rate.empty();
    if (given.in_flight < in_flight_like_total || is_bounded) return;
    report("bench",
           {fmt::format("warning: {} messages are in flight on each connection, for as long as "
                        "the run takes",
                        given.in_flight),
            fmt::format("to send {0} messages in all, use --count {0}", given.in_flight)});
}

int run_bench(bench_options given, std::vector<std::string> behind_border) {
    given.target.messages = std::move(behind_border);
    auto plan = plan_bench(given);
    if (const auto tls = client_tls(given.tls, plan.load.target, "bench")) {
        auto made = tls_client_transports(*tls, plan.load.target.host);
        if (!made) {
            report("bench", made.error());
            return status_failed;
        }
        plan.load.make_transport = *std::move(made);
    }
    std::optional<json_value> earlier;
    if (!given.compare.empty()) {
        auto read = read_earlier(given.compare);
        if (!read) throw usage_error({"--compare: " + read.error().message(), read.error().hint});
        earlier = std::move(*read);
    }
    const auto descriptors = raise_descriptor_limit();
    if (descriptors < plan.load.connections + spare_descriptors) {
        report("bench", {fmt::format("only {} descriptors for {} connections", descriptors,
                                     plan.load.connections),
                         "raise 'ulimit -n', or lower --connections"});
        return status_failed;
    }
    warn_of_total(given);
    auto outcome = carry_out(given, plan);
    if (!outcome) {
        report("bench", outcome.error());
        return status_failed;
    }
    outcome->fail_if = plan.fail_if;
    if (earlier) outcome->compared = compare(*earlier, given.compare, *outcome);
    return conclude(given, *outcome);
}

}  // namespace

command add_bench(command_page& page) {
    const auto given = std::make_shared<bench_options>();
    add_bench_options(page, *given);
    page.notes(
        "Without --rate, a reply lets the next message go, and the server sets the pace. With "
        "--rate, messages are sent on time whatever the replies do, and latency counts from when "
        "a message was due.\n\n"
        "A CONDITION compares with <, >, <= or >= one of: p50, p95, p99.9 or any other "
        "percentile, max or mean of the latency, with ns, us, ms or s; the same of "
        "uncorrected.p99, late.p99 (how late this program sent) or connect.p99; rate, in "
        "messages/s; errors.\n\n"
        "Exit status: 0 done, 1 errors, 2 wrong usage, 3 a condition of --fail-if is true.");
    page.describe("bench [PROTOCOL|FRAMING] [ADDRESS] [OPTIONS]",
                  "  framewire bench digits:10 :7000 --connections 50 --in-flight 100\n"
                  "  framewire bench u32be :7000 --rate 10k --fail-if 'p99 > 5ms'");
    return [given](std::vector<std::string> messages) {
        return run_bench(*given, std::move(messages));
    };
}

}  // namespace framewire
