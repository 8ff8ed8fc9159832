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
    const auto texts = messages.texts.size();
    const auto is_numbered = [](const std::string& one) { return message_text(one).has_number(); };
    if (std::ranges::any_of(messages.texts, is_numbered)) {
        return fmt::format("{} numbered message{}", texts, texts == 1 ? "" : "s");
    }
    if (texts > 1) text = fmt::format("{} messages of {}", texts, text);
    return text;
}

std::string expectation_name(const message_plan& messages) {
    switch (messages.expect) {
        case expectation::echo: return "echo";
        case expectation::any: return "any";
        case expectation::none: return "none";
        case expectation::text: break;
    }
    return "reply:" + messages.reply;
}

std::string heading(const load_plan& plan) {
    std::string lines;
    append_escaped(fmt::format("{}, {}, {}", plan.target.text(), plan.messages.framing().spec(),
                               describe_messages(plan.messages.plan())),
                   0, lines);
    lines += fmt::format("\n{} connection{}", plan.connections, plan.connections == 1 ? "" : "s");
    if (plan.expects_replies() && plan.in_flight != load_plan::in_flight_unbounded) {
        lines += fmt::format(" x {} in flight", plan.in_flight);
    }
    if (plan.messages_per_connection > 0) {
        lines += fmt::format(", a new one after {} message{}", plan.messages_per_connection,
                             plan.messages_per_connection == 1 ? "" : "s");
    }
    lines += plan.rate ? fmt::format(", open loop of {} messages/s", format_count(*plan.rate))
                       : ", closed loop";
    if (!plan.expects_replies()) lines += ", no replies";
    return lines + '\n';
}

std::string amounts(const load_result& done) {
    const auto seconds = in_seconds(done.duration);
    const auto row = [&](std::string_view name, std::string_view amount, std::string_view rate) {
        return fmt::format("  {:<14}{:>16}{:>18}\n", name, amount, rate);
    };
    const auto bytes_row = [&](std::string_view name, std::uint64_t count) {
        const auto bytes = static_cast<double>(count);
        return row(name, format_bytes(bytes),
                   seconds > 0 ? format_bytes(bytes / seconds) + "/s" : "-");
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
    const auto columns = latency_columns(of);
    const auto is_empty = [](const latency_column& one) { return one.latencies->count() == 0; };
    if (of.result.hopeless || std::ranges::all_of(columns, is_empty))
        return "  latency                -\n";
    std::string text = fmt::format("  {:<10}", "latency");
    for (const auto& column : columns) text += fmt::format("{:>14}", column.name);
    text += '\n';
    std::vector<std::vector<latency_row>> all;
    all.reserve(columns.size());
    for (const auto& column : columns) all.push_back(latency_rows(*column.latencies));
    for (std::size_t i = 0; i < all.front().size(); ++i) {
        text += fmt::format("  {:<10}", all.front()[i].name);
        for (const auto& rows : all) text += fmt::format("{:>14}", format_measured(rows[i].value));
        text += '\n';
    }
    return text;
}

std::string note_lines(const bench_outcome& of) {
    std::string text;
    for (const auto& note : notes_of(of)) text += fmt::format("  {}\n", note);
    return text.empty() ? text : '\n' + text;
}

std::string histogram(const latency_histogram& latency) {
    const auto bars = latency_bars(latency);
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
    return text.empty() ? text : '\n' + text;
}

// A latency this small is within what a system takes to wake a program.
constexpr std::chrono::microseconds late_noticed{100};
constexpr double busy_noticed = 0.9;

}  // namespace

std::vector<setting> settings_of(const load_plan& plan) {
    const auto number = [](auto value) { return std::optional(static_cast<double>(value)); };
    const auto if_given = [&](std::uint64_t value) {
        return value > 0 ? number(value) : std::nullopt;
    };
    const auto& messages = plan.messages.plan();
    const auto& [smallest, largest] = messages.size;
    const bool is_one_size = smallest == largest;
    return {
        {"address", {}, plan.target.text()},
        {"framing", {}, plan.messages.framing().spec()},
        {"connections", number(plan.connections)},
        {"in_flight", plan.expects_replies() ? number(plan.in_flight) : std::nullopt},
        {"rate", plan.rate},
        {"expect", {}, expectation_name(messages)},
        {"size", is_one_size ? number(largest) : std::nullopt,
         is_one_size ? "" : fmt::format("{}..{}", smallest, largest)},
        {"messages", if_given(messages.texts.size())},
        {"first", {}, messages.first.value_or("")},
        {"messages_per_connection", if_given(plan.messages_per_connection)},
        {"duration_seconds", number(in_seconds(plan.duration))},
        {"count", if_given(plan.count)},
        {"warm_up_seconds", number(in_seconds(plan.warm_up))},
        {"ramp_seconds", number(in_seconds(plan.ramp))},
        {"timeout_seconds", number(in_seconds(plan.timeout))},
        {"threads", number(plan.threads)},
        {"source", {}, plan.source ? plan.source->text() : ""},
    };
}

std::vector<latency_row> latency_rows(const latency_histogram& of) {
    const auto measured = [&](std::chrono::nanoseconds value) {
        return of.count() > 0 ? std::optional(value) : std::nullopt;
    };
    std::vector<latency_row> rows;
    rows.reserve(named_percentiles.size() + 2);
    for (const auto& one : named_percentiles) {
        rows.push_back({one.name, one.key, measured(of.percentile(one.percent))});
    }
    rows.push_back({"max", "max_us", measured(of.max())});
    rows.push_back({"mean", "mean_us", measured(of.mean())});
    return rows;
}

std::vector<latency_column> latency_columns(const bench_outcome& of) {
    const auto& done = of.result;
    std::vector<latency_column> columns;
    if (!of.is_open_loop()) {
        columns = {{"reply", &done.latency}};
    } else if (of.plan.expects_replies()) {
        columns = {{"corrected", &done.latency}, {"uncorrected", &done.uncorrected}};
    }
    if (of.is_open_loop()) columns.push_back({"sent late", &done.late});
    if (of.plan.messages_per_connection > 0) columns.push_back({"to connect", &done.connect});
    return columns;
}

std::vector<latency_bar> latency_bars(const latency_histogram& latency) {
    std::vector<latency_bar> bars;
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

std::optional<std::string> late_words(const bench_outcome& of) {
    const auto& done = of.result;
    const auto late = done.late.percentile(99);
    const bool matters = !of.plan.expects_replies() || late * 2 >= done.latency.percentile(99);
    if (done.late.count() == 0 || late < late_noticed || !matters) return std::nullopt;
    return fmt::format("late by {} at p99: this program or its machine is what was measured",
                       format_latency(late));
}

std::vector<std::string> notes_of(const bench_outcome& of) {
    const auto& done = of.result;
    std::vector<std::string> notes;
    if (auto late = late_words(of)) notes.push_back(std::move(*late));
    const auto busy = in_seconds(done.cpu) /
                      std::max(in_seconds(done.duration + of.plan.warm_up), 1e-9) /
                      of.plan.threads;
    if (done.duration >= std::chrono::seconds(1) && busy >= busy_noticed) {
        notes.push_back(
            fmt::format("This program was busy for {:.0f} % of the time: with more "
                        "--threads it may send more.",
                        std::min(busy, 1.0) * 100));
    }
    return notes;
}

std::string format_measured(std::optional<std::chrono::nanoseconds> latency) {
    return latency ? format_latency(*latency) : "-";
}

std::string bench_table(const bench_outcome& of) {
    return heading(of.plan) + '\n' + amounts(of.result) + fault_lines(of.result) + '\n' +
           latency_table(of) + note_lines(of) + histogram(of.result.latency);
}

}  // namespace framewire
