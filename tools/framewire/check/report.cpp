#include "report.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

constexpr std::size_t text_columns = 96;

// Words from `indent` on, in lines of so many columns at most.
void add_words(std::string& out, std::string_view text, std::size_t indent) {
    auto column = indent;
    for (bool is_first = true; !text.empty(); is_first = false) {
        const auto end = std::min(text.find(' '), text.size());
        const bool breaks = !is_first && column + 1 + end > text_columns;
        if (breaks) {
            out += '\n' + std::string(indent, ' ');
            column = indent;
        } else if (!is_first) {
            out += ' ';
            ++column;
        }
        out += text.substr(0, end);
        column += end;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    out += '\n';
}

void add_paragraph(std::string& out, std::string_view label, std::string_view text) {
    if (text.empty()) return;
    out += fmt::format("      {:<10}", label);
    add_words(out, text, 16);
}

}  // namespace

// The words of errors have their offset.
std::string seen_at(const check_finding& found) {
    if (!found.offset) return found.seen;
    auto at = fmt::format(" at {}", *found.offset);
    return found.seen.find(at) != std::string::npos ? found.seen : found.seen + at;
}

std::string text_report::add(const check_outcome& outcome) {
    if (!outcome.finding) return text_of(outcome);
    const auto [at, is_new] = given_.emplace(outcome.finding->advice, outcome.row->number);
    if (is_new) return text_of(outcome);
    auto again = outcome;
    again.finding->advice = fmt::format("as for case {}", at->second);
    return text_of(again);
}

std::string_view name_of(verdict what) noexcept {
    switch (what) {
        case verdict::pass: return "pass";
        case verdict::warning: return "warning";
        case verdict::fail: return "fail";
        case verdict::skipped: return "skipped";
    }
    return {};
}

std::size_t check_report::count(verdict what) const noexcept {
    return static_cast<std::size_t>(std::ranges::count(outcomes, what, &check_outcome::what));
}

std::string heading_of(const check_report& report) {
    const auto* const who = report.end == checked_end::client ? "client of" : "at";
    return fmt::format("{} {} {}: {}\n", report.framing, who, report.server, report.service);
}

std::string text_of(const check_outcome& outcome) {
    const auto& row = *outcome.row;
    auto out =
        fmt::format("{:<8}{}  {:<21} {}\n", name_of(outcome.what), row.number, row.name, row.rule);
    add_paragraph(out, "reason", outcome.reason);
    if (outcome.memory) add_paragraph(out, "memory", describe(*outcome.memory));
    if (!outcome.finding) return out;
    const auto& found = *outcome.finding;
    add_paragraph(out, "source", row.source);
    add_paragraph(out, "case", found.how);
    add_paragraph(out, "sent", found.sent);
    add_paragraph(out, "expected", found.expected);
    add_paragraph(out, "seen", seen_at(found));
    add_paragraph(out, "received", found.received);
    add_paragraph(out, "advice", found.advice);
    return out;
}

std::string summary_of(const check_report& report) {
    auto text = fmt::format("{} passed", report.count(verdict::pass));
    const auto add = [&](verdict what, std::string_view one, std::string_view many) {
        const auto count = report.count(what);
        if (count > 0) text += fmt::format(", {} {}", count, count == 1 ? one : many);
    };
    add(verdict::fail, "failed", "failed");
    add(verdict::warning, "warning", "warnings");
    add(verdict::skipped, "skipped", "skipped");
    return text + '\n';
}

std::string list_of(const std::vector<const check_row*>& rows) {
    std::string out;
    for (const auto* row : rows) {
        out += fmt::format("{}  {:<21} {:<7}", row->number, row->name,
                           row->level == check_level::must ? "must" : "should");
        add_words(out, row->rule, 34);
        out += std::string(34, ' ');
        add_words(out, row->source, 34);
    }
    return out;
}

}  // namespace framewire
