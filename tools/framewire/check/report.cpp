#include "report.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

constexpr std::size_t text_columns = 96;

// A labelled paragraph, whose further lines are indented as the first is.
void add_paragraph(std::string& out, std::string_view label, std::string_view text) {
    if (text.empty()) return;
    constexpr std::size_t indent = 16;
    out += fmt::format("      {:<10}", label);
    std::size_t column = indent;
    bool is_first = true;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        const auto word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!is_first && column + 1 + word.size() > text_columns) {
            out += '\n' + std::string(indent, ' ');
            column = indent;
            is_first = true;
        }
        if (!is_first) out += ' ';
        out += word;
        column += word.size() + (is_first ? 0 : 1);
        is_first = false;
    }
    out += '\n';
}

}  // namespace

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
    return static_cast<std::size_t>(
        std::ranges::count(outcomes, what, [](const check_outcome& one) { return one.what; }));
}

std::string text_of(const check_outcome& outcome) {
    const auto& row = *outcome.of->row;
    auto out =
        fmt::format("{:<8} {} {:<22} {}\n", name_of(outcome.what), row.number, row.name, row.rule);
    if (outcome.what == verdict::skipped) add_paragraph(out, "reason", outcome.of->skipped);
    if (!outcome.finding) return out;
    const auto& found = *outcome.finding;
    add_paragraph(out, "source", row.source);
    add_paragraph(out, "case", found.how);
    add_paragraph(out, "sent", found.sent);
    add_paragraph(out, "expected", found.expected);
    add_paragraph(out, "seen",
                  found.offset ? fmt::format("{}, at byte {} of what the server sent", found.seen,
                                             *found.offset)
                               : found.seen);
    add_paragraph(out, "received", found.received);
    add_paragraph(out, "advice", found.advice);
    return out;
}

std::string summary_of(const check_report& report) {
    auto text = fmt::format("{} passed", report.count(verdict::pass));
    for (const auto what : {verdict::fail, verdict::warning, verdict::skipped}) {
        const auto count = report.count(what);
        constexpr std::string_view one = "warning";
        const bool is_plural = what == verdict::warning && count != 1;
        if (count == 0) continue;
        text += fmt::format(", {} {}", count,
                            what == verdict::fail      ? "failed"
                            : what == verdict::warning ? (is_plural ? "warnings" : one)
                                                       : "skipped");
    }
    return text + '\n';
}

}  // namespace framewire
