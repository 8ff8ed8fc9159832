#include "page.hpp"

#include "report.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace framewire {
namespace {

constexpr double width = 720;
constexpr double height = 300;
constexpr double left = 96;
constexpr double right = 16;
constexpr double top = 12;
constexpr double bottom = 50;

std::string escaped(std::string_view text) {
    std::string out;
    for (const char one : text) {
        switch (one) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += one;
        }
    }
    return out;
}

/// An axis of a diagram: the positions of values, and the labels.
struct axis {
    double low = 0;
    double high = 1;
    bool logarithmic = false;

    [[nodiscard]] double part(double value) const {
        if (logarithmic) return std::log10(value / low) / std::log10(high / low);
        return (value - low) / (high - low);
    }
};

double across(double part) { return left + part * (width - left - right); }
double up(double part) { return height - bottom - part * (height - top - bottom); }

struct point {
    double x;
    double y;
    std::string words;
};

std::string grid_line(double part, std::string_view label) {
    return fmt::format(
        "<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
        "<text class=\"y\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
        left, width - right, up(part), up(part), left - 8, up(part) + 4, escaped(label));
}

std::string mark(double part, std::string_view label) {
    // At the right border there is space on one side only.
    const bool last = part > 0.97;
    return fmt::format(
        "<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>"
        "<text class=\"{5}\" x=\"{6:.1f}\" y=\"{3:.1f}\">{4}</text>\n",
        across(part), up(0), up(1), up(0) + 20, escaped(label), last ? "x last" : "x",
        across(part) + (last ? right : 0));
}

std::string title_of_x(std::string_view words) {
    return fmt::format("<text class=\"x\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", across(0.5),
                       height - 4, words);
}

// A line, and a spot for each point, with a description in words.
std::string curve(std::string_view name, const std::vector<point>& points) {
    auto text = fmt::format(R"(<polyline class="{}" points=")", name);
    for (const auto& one : points) {
        text += fmt::format("{:.1f},{:.1f} ", one.x, one.y);
    }
    text += "\"/>\n";
    for (const auto& one : points) {
        text += fmt::format(
            "<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" data-words=\"{}\">"
            "<title>{}</title></circle>\n",
            name, one.x, one.y, escaped(one.words), escaped(one.words));
    }
    return text;
}

std::string diagram(std::string_view id, std::string_view title, std::string_view summary,
                    const std::string& inside, std::string_view legend) {
    return fmt::format(
        "<figure>\n<figcaption><h2>{1}</h2>{4}</figcaption>\n"
        "<svg id=\"{0}\" viewBox=\"0 0 {5:.0f} {6:.0f}\" role=\"img\" "
        "aria-labelledby=\"{0}-title {0}-summary\">\n<title id=\"{0}-title\">{1}</title>\n"
        "<desc id=\"{0}-summary\">{2}</desc>\n{3}</svg>\n"
        "<p class=\"readout\" aria-live=\"polite\">&nbsp;</p>\n</figure>\n",
        id, title, escaped(summary), inside, legend, width, height);
}

// Percentiles 0, 90, 99, 99.9, ...: each nine has the same width.
double nines(double percent) { return -std::log10(1 - percent / 100); }

std::vector<double> percents_of(std::uint64_t count) {
    std::vector<double> all;
    for (double rest = 1; rest * static_cast<double>(count) >= 1 && rest > 1e-7; rest /= 10) {
        for (const double step : {1.0, 0.75, 0.5, 0.25, 0.15}) {
            if (rest * step * static_cast<double>(count) >= 1)
                all.push_back(100 - 100 * rest * step);
        }
    }
    return all;
}

std::vector<point> latency_points(const latency_histogram& of, const axis& x, const axis& y,
                                  std::string_view name) {
    std::vector<point> points;
    for (const double percent : percents_of(of.count())) {
        const auto value = of.percentile(std::max(percent, 1e-9));
        const auto shown = std::max(static_cast<double>(value.count()), y.low);
        points.push_back({across(x.part(nines(percent))), up(y.part(shown)),
                          fmt::format("{:.6g} % took at most {}{}{}", percent,
                                      format_latency(value), name.empty() ? "" : ", ", name)});
    }
    return points;
}

// Whole powers of ten that contain all latencies.
axis latency_axis(const bench_outcome& of) {
    const auto low =
        std::max<double>(static_cast<double>(of.result.latency.percentile(1e-9).count()), 1);
    const auto real =
        of.is_open_loop()
            ? std::max<double>(static_cast<double>(of.result.uncorrected.percentile(1e-9).count()),
                               1)
            : low;
    const auto high = std::max<double>(static_cast<double>(of.result.latency.max().count()), 10);
    const auto begin = std::pow(10, std::floor(std::log10(std::min(low, real))));
    const auto end = std::pow(10, std::ceil(std::log10(high)));
    return {begin, std::max(end, begin * 10), true};
}

std::string latency_diagram(const bench_outcome& of) {
    const auto& latency = of.result.latency;
    if (latency.count() == 0) return "";
    const auto y = latency_axis(of);
    const auto last = percents_of(latency.count()).back();
    const axis x{0, std::max(nines(last), 1.0)};
    std::string inside;
    for (double value = y.low; value <= y.high * 1.01; value *= 10) {
        inside += grid_line(y.part(value),
                            format_latency(std::chrono::nanoseconds(std::llround(value))));
    }
    inside += mark(0, "0");
    for (double rest = 0.1; x.part(-std::log10(rest)) <= 1.001; rest /= 10) {
        inside += mark(x.part(-std::log10(rest)), fmt::format("{:.8g}", 100 - 100 * rest));
    }
    inside += title_of_x("percentile, %");
    std::string legend;
    if (of.is_open_loop()) {
        inside += curve("second", latency_points(of.result.uncorrected, x, y, "uncorrected"));
        legend =
            "<p class=\"legend\"><span class=\"first\">corrected: from when it was due</span> "
            "<span class=\"second\">uncorrected: from when it was sent</span></p>";
    }
    inside += curve("first", latency_points(latency, x, y, of.is_open_loop() ? "corrected" : ""));
    const auto summary =
        fmt::format("Half took at most {}, 99 % at most {}, the longest {}.",
                    format_latency(latency.percentile(50)), format_latency(latency.percentile(99)),
                    format_latency(latency.max()));
    return diagram("latency", "Latency by percentile", summary, inside, legend);
}

// 1, 2 or 5 times a power of ten, so that about `count` steps cover `range`.
double round_step(double range, double count) {
    const auto rough = std::max(range / count, 1e-9);
    const auto power = std::pow(10, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (rough <= power * factor) return power * factor;
    }
    return power * 10;
}

std::string throughput_diagram(const load_result& done) {
    if (done.slices.empty()) return "";
    double most = 1;
    for (const auto& slice : done.slices) most = std::max(most, slice.rate());
    const auto step_up = round_step(most, 4);
    const axis y{0, std::ceil(most / step_up) * step_up};
    const axis x{0, std::max(in_seconds(done.slices.back().end), 1e-9)};
    const auto step_across = round_step(x.high, 8);
    std::string inside;
    for (double value = 0; value <= y.high * 1.001; value += step_up) {
        inside += grid_line(y.part(value), format_count(value));
    }
    for (double value = 0; value <= x.high * 1.001; value += step_across) {
        inside += mark(x.part(value), fmt::format("{:g} s", value));
    }
    inside += title_of_x("time");
    std::vector<point> points;
    points.reserve(done.slices.size());
    for (const auto& slice : done.slices) {
        points.push_back(
            {across(x.part(in_seconds(slice.end))), up(y.part(slice.rate())),
             fmt::format("{:.1f} s: {} messages/s, p99 {}", in_seconds(slice.end),
                         format_count(slice.rate()), format_latency(slice.percentile(99)))});
    }
    inside += curve("first", points);
    return diagram("throughput", "Messages per second",
                   fmt::format("On average {} messages per second.",
                               format_count(done.messages_per_second())),
                   inside, "");
}

std::string row(std::string_view kind, const std::vector<std::string>& cells) {
    auto text = fmt::format("<tr><th scope=\"row\">{}</th>", escaped(cells.front()));
    for (std::size_t i = 1; i < cells.size(); ++i) {
        text += fmt::format("<td class=\"{}\">{}</td>", kind, escaped(cells[i]));
    }
    return text + "</tr>\n";
}

std::string latency_section(const bench_outcome& of) {
    const auto rows = latency_rows(of.result.latency);
    const auto real = latency_rows(of.result.uncorrected);
    std::string text = "<section><h2>Latency</h2><table>\n<thead><tr><th scope=\"col\"></th>";
    text += of.is_open_loop() ? R"(<th scope="col">corrected</th><th scope="col">uncorrected</th>)"
                              : R"(<th scope="col">latency</th>)";
    text += "</tr></thead><tbody>\n";
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::vector<std::string> cells{std::string(rows[i].name), format_latency(rows[i].value)};
        if (of.is_open_loop()) cells.push_back(format_latency(real[i].value));
        text += row("number", cells);
    }
    return text + "</tbody></table></section>\n";
}

std::string count_table(const load_result& done) {
    const auto seconds = std::chrono::duration<double>(done.duration).count();
    std::string text = "<section><h2>Counts</h2><table><tbody>\n";
    const auto add = [&](std::string name, double count) {
        text += row("number", {std::move(name), format_count(count)});
    };
    add("messages", static_cast<double>(done.tally.messages));
    add("messages per second", done.messages_per_second());
    add("bytes sent", static_cast<double>(done.tally.bytes_sent));
    add("bytes received", static_cast<double>(done.tally.bytes_received));
    text += row("number", {"seconds measured", fmt::format("{:.3f}", seconds)});
    for (const auto& [name, count] : faults_of(done.tally)) add(name, static_cast<double>(count));
    text += "</tbody></table></section>\n";
    if (done.faults.empty()) return text;
    text += "<section class=\"faults\"><h2>What was wrong</h2><ul>\n";
    for (const auto& fault : done.faults) {
        text += fmt::format("<li>connection {}, message {}: {}</li>\n", fault.connection,
                            fault.number, escaped(fault.words));
    }
    return text + "</ul></section>\n";
}

std::string settings_table(const load_plan& plan) {
    std::string text = "<section><h2>Settings</h2><table><tbody>\n";
    for (const auto& [name, value] : settings_of(plan)) {
        if (!value.empty() && value != "0") text += row("word", {name, value});
    }
    return text + "</tbody></table></section>\n";
}

}  // namespace

std::string bench_page(const bench_outcome& of) {
    const auto title = fmt::format("framewire bench: {}", escaped(of.plan.target.text()));
    return fmt::format(
               "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>\n",
               title, page_style) +
           fmt::format(
               "<h1>{}</h1>\n<p class=\"sum\"><strong>{}</strong> messages per second, "
               "p99 <strong>{}</strong></p>\n",
               title, format_count(of.result.messages_per_second()),
               format_latency(of.result.latency.percentile(99))) +
           latency_diagram(of) + throughput_diagram(of.result) + "<div class=\"tables\">\n" +
           latency_section(of) + count_table(of.result) + settings_table(of.plan) +
           fmt::format("</div>\n</main>\n<script>\n{}</script>\n</body>\n</html>\n", page_script);
}

}  // namespace framewire
