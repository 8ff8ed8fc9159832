#include "diagrams.hpp"

#include "drawing.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace framewire {
namespace {

double as_number(std::chrono::nanoseconds time) noexcept {
    return static_cast<double>(std::max<std::int64_t>(time.count(), 1));
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
        points.push_back({x.part(nines(percent)), y.part(as_number(value)),
                          fmt::format("{:.6g} % took at most {}{}{}", percent,
                                      format_latency(value), name.empty() ? "" : ", ", name)});
    }
    return points;
}

std::string latency_grid(const axis& y) {
    std::string lines;
    for (double value = y.low; value <= y.high * 1.01; value *= 10) {
        lines += grid_line(y.part(value),
                           format_latency(std::chrono::nanoseconds(std::llround(value))));
    }
    return lines;
}

std::string linear_grid(const axis& y, double step) {
    std::string lines;
    for (double value = 0; value <= y.high * 1.001; value += step) {
        lines += grid_line(y.part(value), format_count(value));
    }
    return lines;
}

// From 0 to a round number above all.
axis linear_axis(double most, double step) { return {0, std::ceil(most / step) * step}; }

std::string seconds_marks(const axis& x) {
    std::string marks;
    const auto step = round_step(x.high, 8);
    for (double value = 0; value <= x.high * 1.001; value += step) {
        marks += mark(x.part(value), fmt::format("{:g} s", value));
    }
    return marks + title_of_x("time");
}

// From one rate to the other, with marks at the powers of ten between them; where there are few,
// also at 2 and 5 times these.
std::pair<axis, std::string> rate_axis(double lowest, double highest) {
    const axis x{lowest, std::max(highest, lowest * 2), true};
    constexpr double few_marks = 50;
    std::string marks;
    for (double power = powers_of_ten(lowest, highest).low; power <= x.high; power *= 10) {
        for (const double factor : {1, 2, 5}) {
            const auto value = power * factor;
            const bool has_space = factor == 1 || x.high < x.low * few_marks;
            if (has_space && value >= x.low && value <= x.high) {
                marks += mark(x.part(value), format_count(value));
            }
        }
    }
    return {x, marks};
}

struct over_time {
    explicit over_time(const load_result& done)
        : x{0, std::max(in_seconds(done.slices.back().end), 1e-9)} {}

    void add(const load_slice& slice, double part, std::string words) {
        points.push_back({x.part(in_seconds(slice.end)), part, std::move(words)});
        widths.push_back(x.part(in_seconds(slice.length)));
    }

    axis x;
    std::vector<point> points;
    std::vector<double> widths;
};

}  // namespace

std::string latency_diagram(const bench_outcome& of) {
    const auto& latency = of.result.latency;
    if (latency.count() == 0) return "";
    const auto& real = of.is_open_loop() ? of.result.uncorrected : latency;
    const auto y =
        powers_of_ten(as_number(std::min(latency.percentile(1e-9), real.percentile(1e-9))),
                      std::max(as_number(latency.max()), 10.0));
    const auto last = percents_of(latency.count()).back();
    const axis x{0, std::max(nines(last), 1.0)};
    figure made{.id = "latency",
                .title = "Latency by percentile",
                .summary = fmt::format("Half took at most {}, 99 % at most {}, the longest {}.",
                                       format_latency(latency.percentile(50)),
                                       format_latency(latency.percentile(99)),
                                       format_latency(latency.max())),
                .inside = latency_grid(y) + mark(0, "0"),
                .legend = ""};
    for (double rest = 0.1; x.part(-std::log10(rest)) <= 1.001; rest /= 10) {
        made.inside += mark(x.part(-std::log10(rest)), fmt::format("{:.8g}", 100 - 100 * rest));
    }
    made.inside += title_of_x("percentile, %");
    if (of.is_open_loop()) {
        made.inside += curve("second", latency_points(real, x, y, "uncorrected"));
        made.legend =
            "<p class=\"legend\"><span class=\"first\">corrected: from when it was due</span> "
            "<span class=\"second\">uncorrected: from when it was sent</span></p>";
    }
    made.inside +=
        curve("first", latency_points(latency, x, y, of.is_open_loop() ? "corrected" : ""));
    return draw(made);
}

std::string histogram_diagram(const load_result& done) {
    const auto all = latency_bars(done.latency);
    if (all.empty()) return "";
    double most = 1;
    for (const auto& one : all) most = std::max(most, static_cast<double>(one.count));
    const auto step = round_step(most, 4);
    const auto y = linear_axis(most, step);
    const auto each = 1 / static_cast<double>(all.size());
    std::vector<point> tops;
    std::string marks;
    // More labels would touch each other.
    const auto every = std::max<std::size_t>((all.size() + 7) / 8, 1);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto at = static_cast<double>(i) * each;
        const auto count = static_cast<double>(all[i].count);
        tops.push_back(
            {at, y.part(count),
             fmt::format("{} took at most {}{}", format_count(count), format_latency(all[i].upper),
                         i > 0 ? ", and more than " + format_latency(all[i - 1].upper) : "")});
        if ((all.size() - 1 - i) % every == 0)
            marks += mark(at + each, format_latency(all[i].upper));
    }
    return draw(
        {.id = "histogram",
         .title = "Messages by latency",
         .summary =
             fmt::format("Most took at most {}.", format_latency(done.latency.percentile(50))),
         .inside = linear_grid(y, step) + marks + title_of_x("latency, at most") + bars(tops),
         .legend = ""});
}

std::string throughput_diagram(const load_result& done) {
    if (done.slices.empty()) return "";
    double most = 1;
    for (const auto& slice : done.slices) most = std::max(most, slice.rate());
    const auto step = round_step(most, 4);
    const auto y = linear_axis(most, step);
    over_time line(done);
    for (const auto& slice : done.slices) {
        line.add(slice, y.part(slice.rate()),
                 fmt::format("until {:.1f} s: {} messages/s", in_seconds(slice.end),
                             format_count(slice.rate())));
    }
    return draw({.id = "throughput",
                 .title = "Messages per second",
                 .summary = fmt::format("On average {} messages per second.",
                                        format_count(done.messages_per_second())),
                 .inside = linear_grid(y, step) + seconds_marks(line.x) +
                           steps("first", line.points, line.widths),
                 .legend = ""});
}

std::string p99_diagram(const load_result& done) {
    if (done.latency.count() == 0 || done.slices.empty()) return "";
    const auto p99_of = [](const load_slice& slice) { return as_number(slice.percentile(99)); };
    double least = as_number(done.latency.max());
    double most = 10;
    for (const auto& slice : done.slices) {
        if (slice.latencies.empty()) continue;
        least = std::min(least, p99_of(slice));
        most = std::max(most, p99_of(slice));
    }
    const auto y = powers_of_ten(std::min(least, most), most);
    over_time line(done);
    for (const auto& slice : done.slices) {
        if (slice.latencies.empty()) continue;
        line.add(slice, y.part(p99_of(slice)),
                 fmt::format("until {:.1f} s: p99 {}", in_seconds(slice.end),
                             format_latency(slice.percentile(99))));
    }
    return draw({.id = "p99",
                 .title = "99th percentile over time",
                 .summary = fmt::format("Of all messages it is {}.",
                                        format_latency(done.latency.percentile(99))),
                 .inside = latency_grid(y) + seconds_marks(line.x) +
                           steps("first", line.points, line.widths),
                 .legend = ""});
}

std::string search_diagram(const bench_outcome& of) {
    if (!of.search) return "";
    std::vector<rate_trial> trials;
    for (const auto& one : of.search->trials) {
        if (one.p99) trials.push_back(one);
    }
    if (trials.empty()) return "";
    std::ranges::sort(trials, {}, &rate_trial::rate);
    double least = as_number(*trials.front().p99);
    double most = 10;
    for (const auto& one : trials) {
        least = std::min(least, as_number(*one.p99));
        most = std::max(most, as_number(*one.p99));
    }
    const auto y = powers_of_ten(std::min(least, most), most);
    const auto [x, marks] = rate_axis(trials.front().rate, trials.back().rate);
    std::vector<point> passed;
    std::string failed;
    for (const auto& one : trials) {
        const point at{x.part(one.rate), y.part(as_number(*one.p99)),
                       fmt::format("{} messages/s: p99 {}, {}", format_count(one.rate),
                                   format_latency(*one.p99), one.passed ? "passed" : "failed")};
        if (one.passed) {
            passed.push_back(at);
        } else {
            failed += spot("second", at);
        }
    }
    const auto highest =
        of.search->highest ? format_count(*of.search->highest) + " messages/s" : "none";
    return draw(
        {.id = "rates",
         .title = "99th percentile by rate",
         .summary = fmt::format("Highest rate with {}: {}.", of.search->wanted.text(), highest),
         .inside = latency_grid(y) + marks + title_of_x("messages per second wanted") +
                   curve("first", passed) + failed,
         .legend = "<p class=\"legend\"><span class=\"first\">passed</span> "
                   "<span class=\"second\">failed</span></p>"});
}

}  // namespace framewire
