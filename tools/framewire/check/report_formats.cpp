// Reports for programs.

#include "cli/json.hpp"
#include "report.hpp"
#include "report_html.hpp"

#include <fmt/format.h>

namespace framewire {
namespace {

// What a person reads of a finding, in a line for each part.
std::string details_of(const check_outcome& outcome) {
    auto text = text_of(outcome);
    return text.substr(text.find('\n') + 1);
}

std::string as_junit(const check_report& report) {
    std::string out = R"(<?xml version="1.0" encoding="UTF-8"?>)";
    out += fmt::format(
        "\n"
        R"(<testsuite name="framewire check {}" tests="{}" failures="{}" errors="0" skipped="{}">)"
        "\n",
        in_markup(report.framing), report.outcomes.size(), report.count(verdict::fail),
        report.count(verdict::skipped));
    for (const auto& one : report.outcomes) {
        const auto kind = one.row->name.substr(0, one.row->name.find('.'));
        out += fmt::format(R"(  <testcase classname="check.{}" name="{} {}" time="{:.3f}")", kind,
                           one.row->number, one.row->name,
                           std::chrono::duration<double>(one.took).count());
        const auto details = in_markup(details_of(one));
        if (one.what == verdict::pass) {
            out += "/>\n";
            continue;
        }
        out += ">\n    ";
        if (one.what == verdict::skipped) {
            out += fmt::format(R"(<skipped message="{}"/>)", in_markup(one.reason));
        } else if (one.what == verdict::fail) {
            out += fmt::format(R"(<failure message="{}">{}</failure>)", in_markup(one.row->rule),
                               details);
        } else {
            out += fmt::format("<system-out>warning: {}&#10;{}</system-out>",
                               in_markup(one.row->rule), details);
        }
        out += "\n  </testcase>\n";
    }
    return out + "</testsuite>\n";
}

// The Test Anything Protocol, version 13.
std::string as_tap(const check_report& report) {
    auto out = fmt::format("TAP version 13\n1..{}\n", report.outcomes.size());
    for (std::size_t i = 0; i < report.outcomes.size(); ++i) {
        const auto& one = report.outcomes[i];
        out += fmt::format("{} {} - {} {}", one.what == verdict::fail ? "not ok" : "ok", i + 1,
                           one.row->number, one.row->name);
        if (one.what == verdict::skipped) out += " # SKIP " + one.reason;
        if (one.what == verdict::warning) out += " # warning";
        out += '\n';
        if (!one.finding) continue;
        const auto details = details_of(one);
        std::string_view rest = details;
        while (!rest.empty()) {
            const auto end = rest.find('\n');
            out += fmt::format("# {}\n", rest.substr(0, end));
            rest.remove_prefix(end + 1);
        }
    }
    return out;
}

json_value as_json(const check_outcome& outcome) {
    auto one =
        json_value::object({{"case", outcome.row->number},
                            {"name", outcome.row->name},
                            {"level", outcome.row->level == check_level::must ? "must" : "should"},
                            {"rule", outcome.row->rule},
                            {"source", outcome.row->source},
                            {"verdict", name_of(outcome.what)},
                            {"conversations", outcome.scripts},
                            {"milliseconds", outcome.took.count()}});
    if (outcome.memory) {
        one["memory"] = json_value::object({{"before", outcome.memory->before},
                                            {"most", outcome.memory->most},
                                            {"after", outcome.memory->after}});
    }
    if (!outcome.reason.empty()) one["reason"] = outcome.reason;
    if (!outcome.finding) return one;
    const auto& found = *outcome.finding;
    const auto add = [&](std::string_view key, const std::string& text) {
        if (!text.empty()) one[key] = text;
    };
    add("how", found.how);
    add("sent", found.sent);
    add("expected", found.expected);
    add("seen", found.seen);
    if (found.offset) one["offset"] = *found.offset;
    add("received", found.received);
    add("advice", found.advice);
    return one;
}

std::string as_json(const check_report& report) {
    auto cases = json_value::list();
    for (const auto& one : report.outcomes) cases.push_back(as_json(one));
    const auto all =
        json_value::object({{"end", report.end == checked_end::client ? "client" : "server"},
                            {"server", report.server},
                            {"framing", report.framing},
                            {"service", report.service},
                            {"passed", report.count(verdict::pass)},
                            {"failed", report.count(verdict::fail)},
                            {"warnings", report.count(verdict::warning)},
                            {"skipped", report.count(verdict::skipped)},
                            {"cases", std::move(cases)}});
    return all.dump(json_layout::spaced) + '\n';
}

std::string as_text(const check_report& report) {
    auto out = heading_of(report);
    text_report text;
    for (const auto& one : report.outcomes) out += text.add(one);
    return out + summary_of(report);
}

}  // namespace

result<report_format> parse_report_format(std::string_view text) {
    if (text == "text") return report_format::text;
    if (text == "json") return report_format::json;
    if (text == "junit") return report_format::junit;
    if (text == "html") return report_format::html;
    if (text == "tap") return report_format::tap;
    return tl::unexpected(failure{fmt::format("'{}' is no form of a report", text),
                                  "text, json, junit, html or tap"});
}

std::string print_report(const check_report& report, report_format format) {
    switch (format) {
        case report_format::text: return as_text(report);
        case report_format::json: return as_json(report);
        case report_format::junit: return as_junit(report);
        case report_format::html: return as_html(report);
        case report_format::tap: return as_tap(report);
    }
    return {};
}

}  // namespace framewire
