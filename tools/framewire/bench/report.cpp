#include "report.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace framewire {
namespace {

constexpr std::size_t histogram_rows_max = 20;
constexpr std::size_t bar_columns = 40;

std::string format_bytes(double bytes) {
    constexpr std::array<const char*, 5> units{"B", "kB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    for (; bytes >= 1000 && unit + 1 < units.size(); ++unit) bytes /= 1000;
    return fmt::format("{:.{}f} {}", bytes, unit > 0 && bytes < 100 ? 1 : 0, units.at(unit));
}

std::string describe_messages(const message_plan& messages) {
    const auto [smallest, largest] = messages.size;
    auto text = smallest == largest ? fmt::format("{} bytes", largest)
                                    : fmt::format("{} to {} bytes", smallest, largest);
    if (messages.payload) text += " of a file";
    return text;
}

std::string expectation_name(const message_plan& messages) {
    if (messages.expect == expectation::echo) return "echo";
    return messages.expect == expectation::any ? "any" : "reply:" + messages.reply;
}

std::string heading(const load_plan& plan) {
    std::string lines;
    append_escaped(fmt::format("{}, {}, {}", plan.target.text(), plan.messages.framing().spec(),
                               describe_messages(plan.messages.plan())),
                   0, lines);
    lines += fmt::format("\n{} connection{} x {} in flight, ", plan.connections,
                         plan.connections == 1 ? "" : "s", plan.in_flight);
    lines += plan.rate ? fmt::format("open loop of {} messages/s", format_count(*plan.rate))
                       : "closed loop";
    return lines + '\n';
}

std::string amounts(const load_result& done) {
    const auto seconds = std::max(in_seconds(done.duration), 1e-9);
    const auto row = [&](std::string_view name, std::string_view amount, std::string_view rate) {
        return fmt::format("  {:<14}{:>16}{:>18}\n", name, amount, rate);
    };
    const auto bytes_row = [&](std::string_view name, std::uint64_t count) {
        const auto bytes = static_cast<double>(count);
        return row(name, format_bytes(bytes), format_bytes(bytes / seconds) + "/s");
    };
    return row("messages", format_count(static_cast<double>(done.tally.messages)),
               format_count(done.messages_per_second()) + "/s") +
           bytes_row("sent", done.tally.bytes_sent) +
           bytes_row("received", done.tally.bytes_received) +
           row("time", fmt::format("{:.2f} s", seconds),
               fmt::format("{:.2f} s cpu", in_seconds(done.cpu)));
}

std::string fault_lines(const load_result& done) {
    std::string text;
    for (const auto& [name, count] : faults_of(done.tally)) {
        text += fmt::format("  {:<18}{:>12}\n", name, format_count(static_cast<double>(count)));
    }
    for (const auto& [name, count] : done.failures) {
        text += fmt::format("    {:<20}{:>8}\n", name, count);
    }
    for (const auto& fault : done.faults) {
        text += fmt::format("  connection {}, message {}: ", fault.connection, fault.number);
        append_escaped(fault.words, 0, text);
        text += '\n';
    }
    return text;
}

std::string latency_table(const bench_outcome& of) {
    const auto rows = latency_rows(of.result.latency);
    const auto real = latency_rows(of.result.uncorrected);
    auto text = of.is_open_loop()
                    ? fmt::format("  {:<10}{:>14}{:>14}\n", "latency", "corrected", "uncorrected")
                    : std::string("  latency\n");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        text += fmt::format("  {:<10}{:>14}", rows[i].name, format_latency(rows[i].value));
        if (of.is_open_loop()) {
            text += fmt::format("{:>14}", format_latency(real[i].value));
        }
        text += '\n';
    }
    return text;
}

struct bar {
    std::chrono::nanoseconds upper;
    std::uint64_t count;
};

// Bounds of 1, 2, 5, 10, ...: three for each power of ten.
std::vector<bar> bars_of(const latency_histogram& latency) {
    std::vector<bar> bars;
    std::int64_t power = 1;
    std::size_t step = 0;
    constexpr std::array<std::int64_t, 3> steps{1, 2, 5};
    for (const auto& bucket : latency.buckets()) {
        while (bucket.upper.count() > power * steps.at(step)) {
            if (!bars.empty()) bars.push_back({});
            step = (step + 1) % steps.size();
            if (step == 0) power *= 10;
            if (!bars.empty())
                bars.back().upper = std::chrono::nanoseconds(power * steps.at(step));
        }
        if (bars.empty()) bars.push_back({std::chrono::nanoseconds(power * steps.at(step)), 0});
        bars.back().count += bucket.count;
    }
    while (bars.size() > histogram_rows_max) {
        bars[1].count += bars[0].count;
        bars.erase(bars.begin());
    }
    return bars;
}

std::string histogram(const latency_histogram& latency) {
    const auto bars = bars_of(latency);
    std::string text;
    std::uint64_t most = 1;
    for (const auto& one : bars) most = std::max(most, one.count);
    for (const auto& one : bars) {
        const auto part = static_cast<double>(one.count) / static_cast<double>(most);
        auto length = static_cast<std::size_t>(part * static_cast<double>(bar_columns));
        if (one.count > 0) length = std::max<std::size_t>(length, 1);
        text += fmt::format("  {:>10} {:<{}} {}\n", "<= " + format_latency(one.upper),
                            std::string(length, '#'), bar_columns,
                            format_count(static_cast<double>(one.count)));
    }
    return text;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> settings_of(const load_plan& plan) {
    const auto& size = plan.messages.plan().size;
    return {
        {"address", plan.target.text()},
        {"framing", plan.messages.framing().spec()},
        {"connections", std::to_string(plan.connections)},
        {"in_flight", std::to_string(plan.in_flight)},
        {"rate", plan.rate ? fmt::format("{:.0f}", *plan.rate) : ""},
        {"expect", expectation_name(plan.messages.plan())},
        {"size", size.smallest == size.largest
                     ? std::to_string(size.largest)
                     : fmt::format("{}..{}", size.smallest, size.largest)},
        {"duration", format_duration(plan.duration)},
        {"count", std::to_string(plan.count)},
        {"warm_up", format_duration(plan.warm_up)},
        {"ramp", format_duration(plan.ramp)},
        {"timeout", format_duration(plan.timeout)},
        {"threads", std::to_string(plan.threads)},
        {"source", plan.source ? plan.source->text() : ""},
    };
}

std::vector<latency_row> latency_rows(const latency_histogram& of) {
    std::vector<latency_row> rows;
    rows.reserve(named_percentiles.size() + 2);
    for (const auto& one : named_percentiles) {
        rows.push_back({one.name, one.key, of.percentile(one.percent)});
    }
    rows.push_back({"max", "max_us", of.max()});
    rows.push_back({"mean", "mean_us", of.mean()});
    return rows;
}

std::vector<std::pair<std::string, std::uint64_t>> faults_of(const load_tally& tally) {
    std::vector<std::pair<std::string, std::uint64_t>> all{
        {"mismatched", tally.mismatched},
        {"out of order", tally.out_of_order},
        {"missing", tally.missing},
        {"unexpected", tally.unexpected},
        {"failed connections", tally.failed_connections},
        {"not sent in time", tally.unsent}};
    std::erase_if(all, [](const auto& one) { return one.second == 0; });
    return all;
}

std::string bench_table(const bench_outcome& of) {
    return heading(of.plan) + '\n' + amounts(of.result) + fault_lines(of.result) + '\n' +
           latency_table(of) + '\n' + histogram(of.result.latency);
}

}  // namespace framewire
