#include "compare.hpp"

#include "cli/file.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <array>
#include <cmath>
#include <numeric>

namespace framewire {
namespace {

// A report has a row for each second, and at most some thousand buckets.
constexpr std::uint64_t report_bytes_max = 64 * MiB;
// What is left of a second at the end of a run is not comparable with whole ones.
constexpr double whole_second = 0.99;

std::string text_of(const json_value* value) {
    if (value == nullptr) return "";
    if (const auto* words = value->text()) return *words;
    return value->dump();
}

std::optional<double> number_of(const json_value& in, std::string_view key) {
    const auto* value = in.find(key);
    return value == nullptr ? std::nullopt : value->number();
}

std::optional<double> deviation(const std::vector<double>& values) {
    if (values.size() < 2) return std::nullopt;
    const auto count = static_cast<double>(values.size());
    const auto mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    double squares = 0;
    for (const double one : values) squares += (one - mean) * (one - mean);
    return std::sqrt(squares / (count - 1));
}

// The columns of `over_time`.
enum class column : std::uint8_t { second, rate, p99, p50 };

std::optional<double> spread(const json_value& report, column of) {
    const auto* seconds = report.find("over_time");
    if (seconds == nullptr) return std::nullopt;
    std::vector<double> values;
    double before = 0;
    for (const auto& row : seconds->items()) {
        const auto& cells = row.items();
        if (cells.size() <= static_cast<std::size_t>(of)) continue;
        const auto end = cells[static_cast<std::size_t>(column::second)].number().value_or(0);
        const auto value = cells[static_cast<std::size_t>(of)].number();
        if (value && end - before > whole_second) values.push_back(*value);
        before = end;
    }
    return deviation(values);
}

struct compared_value {
    std::string_view name;
    std::string_view key;
    std::optional<column> over_time;
};
constexpr std::array<compared_value, 6> compared_values{{
    {"messages/s", "messages_per_second", column::rate},
    {"p50", "p50_us", column::p50},
    {"p90", "p90_us", {}},
    {"p99", "p99_us", column::p99},
    {"p99.9", "p99_9_us", {}},
    {"max", "max_us", {}},
}};

std::string shown(const compared_row& row, double value) {
    if (!row.is_latency) return format_count(value);
    return format_latency(std::chrono::nanoseconds(std::llround(value * 1e3)));
}

std::string with_spread(const compared_row& row, double value, std::optional<double> around) {
    return shown(row, value) + (around ? " +- " + shown(row, *around) : "");
}

}  // namespace

double compared_row::change_percent() const noexcept {
    return before == 0 ? 0 : 100 * (now - before) / before;
}

std::optional<bool> compared_row::is_clear() const noexcept {
    if (!spread_before || !spread_now) return std::nullopt;
    return std::abs(now - before) > *spread_before + *spread_now;
}

result<json_value> read_earlier(const std::string& path) {
    const auto text = read_file(path, report_bytes_max);
    if (!text) return tl::unexpected(text.error());
    auto report = json_value::parse(*text);
    if (!report || report->find("messages_per_second") == nullptr) {
        return tl::unexpected(failure{fmt::format("'{}' is not a report", path),
                                      "framewire bench --json writes one"});
    }
    return std::move(*report);
}

comparison compare(const json_value& earlier, const std::string& path, const bench_outcome& now) {
    // What is compared is what a program would read of both.
    const auto ours = json_value::parse(bench_json(now)).value_or(json_value());
    comparison made{
        .path = path, .started = text_of(earlier.find("started")), .rows = {}, .differences = {}};
    for (const auto& one : compared_values) {
        const auto before = number_of(earlier, one.key);
        const auto after = number_of(ours, one.key);
        if (!before || !after) continue;
        compared_row row{.name = std::string(one.name),
                         .is_latency = one.key.ends_with("_us"),
                         .before = *before,
                         .now = *after};
        if (one.over_time) {
            row.spread_before = spread(earlier, *one.over_time);
            row.spread_now = spread(ours, *one.over_time);
        }
        made.rows.push_back(std::move(row));
    }
    const auto differ = [&](std::string_view name, const json_value* before,
                            const json_value* after) {
        if (before == nullptr || text_of(before) == text_of(after)) return;
        made.differences.push_back(
            fmt::format("{}: {}, now {}", name, text_of(before), text_of(after)));
    };
    const auto* settings = earlier.find("settings");
    for (const auto& one : settings_of(now.plan)) {
        if (settings == nullptr) break;
        differ(one.name, settings->find(one.name), ours.find("settings")->find(one.name));
    }
    const auto* host = earlier.find("host");
    if (host != nullptr) differ("host", host->find("name"), ours.find("host")->find("name"));
    differ("version", earlier.find("version"), ours.find("version"));
    return made;
}

std::string comparison_table(const comparison& of) {
    auto text = fmt::format("  {:<12}{:>22}{:>22}\n", "compared", "before", "now");
    for (const auto& row : of.rows) {
        const auto clear = row.is_clear();
        text += fmt::format("  {:<12}{:>22}{:>22}{:>+9.1f} %{}\n", row.name,
                            with_spread(row, row.before, row.spread_before),
                            with_spread(row, row.now, row.spread_now), row.change_percent(),
                            clear && !*clear ? " (within the spread)" : "");
    }
    text +=
        fmt::format("  before: {}{}{}\n", of.path, of.started.empty() ? "" : ", of ", of.started);
    for (const auto& one : of.differences) text += fmt::format("  not the same: {}\n", one);
    return text;
}

}  // namespace framewire
