// The report as a page.

#include "report_html.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace framewire {
namespace {

constexpr std::string_view style = R"css(
:root { color-scheme: light dark; --paper: #fff; --ink: #1d2126; --soft: #5b6570; --line: #d8dde2;
  --panel: #f4f6f8; --pass: #1a7f4b; --fail: #c0262d; --warning: #96610a; --skipped: #5b6570; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181c; --ink: #e4e8ec; --soft: #9aa5b0;
  --line: #323a42; --panel: #1d2329; --pass: #58c78b; --fail: #ff7b78; --warning: #e3b04b;
  --skipped: #9aa5b0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1rem; background: var(--paper);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.about { color: var(--soft); margin: .25rem 0 1rem; overflow-wrap: anywhere; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; margin: 0; padding: 0; }
.counts li { border: 1px solid var(--line); border-radius: .5rem; padding: .25rem .75rem; }
.case { border: 1px solid var(--line); border-bottom: 0; padding: .45rem .75rem; }
.case:last-child { border-bottom: 1px solid var(--line); }
.case > summary, .plain { display: grid; align-items: baseline; column-gap: .75rem;
  grid-template-columns: 5rem 2.5rem 12rem 1fr 4rem; }
summary { cursor: pointer; list-style: none; } summary::-webkit-details-marker { display: none; }
summary > .rule::after { content: " \25be"; color: var(--soft); }
.verdict { font-weight: 600; }
.pass .verdict, b.pass { color: var(--pass); } .fail .verdict, b.fail { color: var(--fail); }
.warning .verdict, b.warning { color: var(--warning); }
.skipped .verdict, b.skipped { color: var(--skipped); }
.case.fail { box-shadow: inset 4px 0 var(--fail); }
.case.warning { box-shadow: inset 4px 0 var(--warning); }
.name, .number, dd.bytes { font-family: ui-monospace, monospace; font-size: .875em; }
.number, .took, dt { color: var(--soft); } .took { text-align: right; font-size: .875em; }
dl { display: grid; grid-template-columns: 6rem 1fr; gap: .25rem .75rem; margin: .6rem 0 .3rem;
  background: var(--panel); padding: .75rem; border-radius: .4rem; }
dd { margin: 0; overflow-wrap: anywhere; } .should { color: var(--soft); font-size: .875em; }
@media (max-width: 45rem) { .case > summary, .plain { grid-template-columns: 5rem 3rem 1fr; }
  .rule { grid-column: 1 / -1; } .took { display: none; } dl { grid-template-columns: 1fr; } }
)css";

void add_detail(std::string& out, std::string_view name, std::string_view text,
                bool is_bytes = false) {
    if (text.empty()) return;
    out += fmt::format("<dt>{}</dt><dd{}>{}</dd>\n", name, is_bytes ? " class=\"bytes\"" : "",
                       in_markup(text));
}

std::string details_as_html(const check_outcome& outcome) {
    std::string out;
    add_detail(out, "reason", outcome.reason);
    if (outcome.memory) add_detail(out, "memory", describe(*outcome.memory));
    if (!outcome.finding) return out;
    const auto& found = *outcome.finding;
    add_detail(out, "source", outcome.row->source);
    add_detail(out, "case", found.how);
    add_detail(out, "sent", found.sent, true);
    add_detail(out, "expected", found.expected);
    add_detail(out, "seen", seen_at(found));
    add_detail(out, "received", found.received, true);
    add_detail(out, "advice", found.advice);
    return out;
}

std::string case_as_html(const check_outcome& outcome) {
    const auto& row = *outcome.row;
    const auto verdict = name_of(outcome.what);
    const auto line = fmt::format(
        "<span class=\"verdict\">{}</span><span class=\"number\">{}</span>"
        "<span class=\"name\">{}</span><span class=\"rule\">{}{}</span>"
        "<span class=\"took\">{} ms</span>",
        verdict, row.number, in_markup(row.name), in_markup(row.rule),
        row.level == check_level::must ? "" : " <span class=\"should\">(should)</span>",
        outcome.took.count());
    const auto details = details_as_html(outcome);
    if (details.empty()) {
        return fmt::format("<div class=\"case {}\"><div class=\"plain\">{}</div></div>\n", verdict,
                           line);
    }
    const bool is_open = outcome.what == verdict::fail || outcome.what == verdict::warning;
    return fmt::format(
        "<details class=\"case {}\"{}><summary>{}</summary><dl>\n{}</dl></details>\n", verdict,
        is_open ? " open" : "", line, details);
}

std::string_view kind_of_case(const check_outcome& outcome) {
    return outcome.row->name.substr(0, outcome.row->name.find('.'));
}

}  // namespace

std::string in_markup(std::string_view text) {
    std::string out;
    for (const char byte : text) {
        switch (byte) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\n': out += "&#10;"; break;
            default: out += byte;
        }
    }
    return out;
}

std::string as_html(const check_report& report) {
    const auto about = in_markup(heading_of(report));
    auto out = fmt::format(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>framewire check: {}</title>\n<style>{}</style></head>\n<body>\n"
        "<h1>framewire check</h1>\n<p class=\"about\">{}</p>\n<ul class=\"counts\">\n",
        in_markup(report.server), style, about);
    constexpr std::array counted{
        std::pair{verdict::pass, "passed"}, std::pair{verdict::fail, "failed"},
        std::pair{verdict::warning, "warnings"}, std::pair{verdict::skipped, "skipped"}};
    for (const auto& [what, words] : counted) {
        out += fmt::format("<li><b class=\"{}\">{}</b> {}</li>\n", name_of(what),
                           report.count(what), words);
    }
    out += "</ul>\n";
    std::string_view kind;
    for (const auto& one : report.outcomes) {
        if (const auto own = kind_of_case(one); own != kind) {
            out += fmt::format("{}<h2>{}</h2>\n<section>\n", kind.empty() ? "" : "</section>\n",
                               in_markup(own));
            kind = own;
        }
        out += case_as_html(one);
    }
    return out + (kind.empty() ? "" : "</section>\n") + "</body></html>\n";
}

}  // namespace framewire
