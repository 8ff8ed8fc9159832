#include "threshold.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <cmath>

namespace framewire {
namespace {

struct unit {
    std::string_view name;
    double nanoseconds;
};
constexpr std::array<unit, 4> units{{{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}}};

struct named_series {
    std::string_view prefix;
    threshold::series series;
};
constexpr std::array<named_series, 3> all_series{{{"uncorrected.", threshold::series::uncorrected},
                                                  {"late.", threshold::series::late},
                                                  {"connect.", threshold::series::connect}}};

// A number at the beginning of the text, and the rest; nothing if there is none.
struct number_and_rest {
    double number;
    std::string_view rest;
};
std::optional<number_and_rest> take_number(std::string_view text) {
    double number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
    if (error != std::errc{} || text.starts_with('-') || !std::isfinite(number)) return {};
    return number_and_rest{number, {stop, static_cast<std::size_t>(end - stop)}};
}

}  // namespace

result<threshold> threshold::parse(std::string_view text) {
    const auto refuse = [&](std::string_view why) {
        return tl::unexpected(
            failure{fmt::format("'{}': {}", text, why),
                    "such as 'p99>5ms', 'max>1s', 'rate<10k' or 'errors>0'; p50, p95, p99.9, max "
                    "and mean take ns, us, ms, s"});
    };
    threshold made;
    for (const char one : text) {
        if (one != ' ') made.text_ += one;
    }
    const std::string_view condition = made.text_;
    const auto border = condition.find_first_of("<>");
    if (border == std::string_view::npos) return refuse("'<' or '>' is missing");
    made.below_ = condition[border] == '<';
    auto bound = condition.substr(border + 1);
    made.includes_bound_ = bound.starts_with('=');
    if (made.includes_bound_) bound.remove_prefix(1);
    if (const auto done = made.read_name(condition.substr(0, border)); !done) {
        return refuse(done.error().message());
    }
    if (const auto done = made.read_bound(bound); !done) return refuse(done.error().message());
    return made;
}

result<void> threshold::read_name(std::string_view name) {
    name_ = name;
    for (const auto& one : all_series) {
        if (!name.starts_with(one.prefix)) continue;
        series_ = one.series;
        name.remove_prefix(one.prefix.size());
        break;
    }
    const bool is_plain = series_ == series::latency;
    if (name == "max") {
        of_ = metric::max;
    } else if (name == "mean") {
        of_ = metric::mean;
    } else if (is_plain && name == "rate") {
        of_ = metric::rate;
    } else if (is_plain && name == "errors") {
        of_ = metric::errors;
    } else {
        const auto percent = name.starts_with('p') ? take_number(name.substr(1)) : std::nullopt;
        if (!percent || !percent->rest.empty() || percent->number <= 0 || percent->number > 100) {
            return tl::unexpected(failure{fmt::format("there is no '{}'", name_)});
        }
        percent_ = percent->number;
    }
    return {};
}

result<void> threshold::read_bound(std::string_view text) {
    if (!is_about_latency()) {
        const auto count = parse_count(text);
        const auto number = take_number(text);
        if (!count && (!number || !number->rest.empty())) {
            return tl::unexpected(failure{"a number must follow"});
        }
        bound_ = count ? static_cast<double>(*count) : number->number;
        return {};
    }
    const auto time = take_number(text);
    const auto* const found =
        time ? std::ranges::find(units, time->rest, &unit::name) : units.end();
    if (found == units.end()) return tl::unexpected(failure{"a time must follow"});
    bound_ = time->number * found->nanoseconds / 1e3;
    return {};
}

const latency_histogram& threshold::histogram(const load_result& done) const noexcept {
    switch (series_) {
        case series::uncorrected: return done.uncorrected;
        case series::late: return done.late;
        case series::connect: return done.connect;
        case series::latency: break;
    }
    return done.latency;
}

std::optional<double> threshold::value(const load_result& done) const {
    if (of_ == metric::rate) return done.messages_per_second();
    if (of_ == metric::errors) return static_cast<double>(done.tally.faults());
    const auto& all = histogram(done);
    if (all.count() == 0) return std::nullopt;
    if (of_ == metric::max) return in_microseconds(all.max());
    if (of_ == metric::mean) return in_microseconds(all.mean());
    return in_microseconds(all.percentile(percent_));
}

std::optional<bool> threshold::holds(const load_result& done) const {
    const auto found = value(done);
    if (!found) return std::nullopt;
    if (includes_bound_ && *found == bound_) return true;
    return below_ ? *found < bound_ : *found > bound_;
}

std::string threshold::finding(const load_result& done) const {
    const auto found = value(done);
    if (!found) return fmt::format("{} was not measured", name_);
    if (is_about_errors()) {
        return *found == 1 ? "there was 1 error"
                           : fmt::format("there were {} errors", format_count(*found));
    }
    if (!is_about_latency()) return fmt::format("rate is {}", format_count(*found));
    return fmt::format("{} is {}", name_,
                       format_latency(std::chrono::nanoseconds(std::llround(*found * 1e3))));
}

std::string format_latency(std::chrono::nanoseconds latency) {
    const auto count = static_cast<double>(latency.count());
    const auto* at = units.begin();
    while (at + 1 != units.end() && count >= (at + 1)->nanoseconds) ++at;
    const auto value = count / at->nanoseconds;
    const int digits = at == units.begin() || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return fmt::format("{:.{}f} {}", value, digits, at->name);
}

std::string format_count(double count) {
    auto text = fmt::format("{:.0f}", count);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
        text.insert(static_cast<std::size_t>(at), 1, ' ');
    }
    return text;
}

}  // namespace framewire
