#include "page.hpp"

#include "diagrams.hpp"
#include "drawing.hpp"
#include "report.hpp"

#include <fmt/format.h>

namespace framewire {
namespace {

std::string row(std::string_view name, const std::vector<std::string>& cells) {
    std::string text = "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i) {
        text += i == 0 ? fmt::format("<th scope=\"row\">{}</th>", escape_html(cells[i]))
                       : fmt::format("<td class=\"{}\">{}</td>", name, escape_html(cells[i]));
    }
    return text + "</tr>\n";
}

std::string section(std::string_view title, const std::string& rows) {
    return fmt::format("<section><h2>{}</h2><table><tbody>\n{}</tbody></table></section>\n", title,
                       rows);
}

std::string latency_section(const bench_outcome& of) {
    const auto columns = latency_columns(of);
    std::string text = "<section><h2>Latency</h2><table>\n<thead><tr><th scope=\"col\"></th>";
    for (const auto& column : columns) {
        text += fmt::format("<th scope=\"col\">{}</th>",
                            column.name.empty() ? "latency" : column.name);
    }
    text += "</tr></thead><tbody>\n";
    const auto names = latency_rows(of.result.latency);
    for (std::size_t i = 0; i < names.size(); ++i) {
        std::vector<std::string> cells{std::string(names[i].name)};
        for (const auto& column : columns) {
            cells.push_back(format_measured(latency_rows(*column.latencies)[i].value));
        }
        text += row("number", cells);
    }
    return text + "</tbody></table></section>\n";
}

std::string count_table(const load_result& done) {
    std::string rows;
    const auto add = [&](std::string name, double count) {
        rows += row("number", {std::move(name), format_count(count)});
    };
    add("messages", static_cast<double>(done.tally.messages));
    add("messages per second", done.messages_per_second());
    add("bytes sent", static_cast<double>(done.tally.bytes_sent));
    add("bytes received", static_cast<double>(done.tally.bytes_received));
    rows += row("number", {"seconds measured", fmt::format("{:.3f}", in_seconds(done.duration))});
    for (const auto& [name, count] : faults_of(done.tally)) add(name, static_cast<double>(count));
    auto text = section("Counts", rows);
    if (done.faults.empty()) return text;
    text += "<section class=\"faults\"><h2>What was wrong</h2><ul>\n";
    for (const auto& fault : done.faults) {
        text += fmt::format("<li>connection {}, message {}: {}</li>\n", fault.connection,
                            fault.number, escape_html(fault.words));
    }
    return text + "</ul></section>\n";
}

std::string verdict_table(const bench_outcome& of) {
    if (of.fail_if.empty()) return "";
    std::string rows;
    for (const auto& limit : of.fail_if) {
        const auto holds = limit.holds(of.result);
        const auto* verdict = !holds ? "not measured" : *holds ? "missed" : "kept";
        rows += row("word", {"fail if " + limit.text(),
                             fmt::format("{}: {}", verdict, limit.finding(of.result))});
    }
    return section("Thresholds", rows);
}

std::string comparison_section(const bench_outcome& of) {
    if (!of.compared) return "";
    std::string rows;
    for (const auto& one : of.compared->rows) {
        const auto clear = one.is_clear();
        rows +=
            row("number", {one.name, fmt::format("{:+.1f} %{}", one.change_percent(),
                                                 clear && !*clear ? ", within the spread" : "")});
    }
    for (const auto& one : of.compared->differences) rows += row("word", {"not the same", one});
    return section("Since " + escape_html(of.compared->path), rows);
}

std::string settings_table(const bench_outcome& of) {
    std::string rows;
    for (const auto& one : settings_of(of.plan)) {
        const auto value = one.number ? fmt::format("{:.12g}", *one.number) : one.words;
        if (!value.empty() && value != "0") rows += row("word", {std::string(one.name), value});
    }
    return section("Settings", rows);
}

std::string facts_table(const run_facts& facts) {
    return section(
        "Run",
        row("word", {"started", facts.started}) +
            row("word", {"host", fmt::format("{}, {} processors", facts.host, facts.processors)}) +
            row("word", {"system", facts.system}) + row("word", {"framewire", facts.version}) +
            row("word", {"command", facts.command_line}));
}

std::string notes(const bench_outcome& of) {
    std::string text;
    if (of.result.hopeless) {
        text += fmt::format("<p class=\"note\">No connection got a reply: {}</p>\n",
                            escape_html(of.result.hopeless->message()));
    }
    for (const auto& note : notes_of(of)) {
        text += fmt::format("<p class=\"note\">{}</p>\n", escape_html(note));
    }
    return text;
}

std::string p99_of(const latency_histogram& latency) {
    return latency.count() == 0 ? "-" : format_latency(latency.percentile(99));
}

}  // namespace

std::string bench_page(const bench_outcome& of) {
    const auto title = fmt::format("framewire bench: {}", escape_html(of.plan.target.text()));
    return fmt::format(
               "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>\n",
               title, page_style) +
           fmt::format(
               "<h1>{}</h1>\n<p class=\"sum\"><strong>{}</strong> messages per second, "
               "p99 <strong>{}</strong></p>\n",
               title, format_count(of.result.messages_per_second()), p99_of(of.result.latency)) +
           notes(of) + search_diagram(of) + latency_diagram(of) + histogram_diagram(of.result) +
           throughput_diagram(of.result) + p99_diagram(of.result) + "<div class=\"tables\">\n" +
           latency_section(of) + count_table(of.result) + verdict_table(of) +
           comparison_section(of) + settings_table(of) + facts_table(of.facts) +
           fmt::format("</div>\n</main>\n<script>\n{}</script>\n</body>\n</html>\n", page_script);
}

}  // namespace framewire
