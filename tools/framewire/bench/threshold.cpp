#include "threshold.hpp"

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

}  // namespace

result<threshold> threshold::parse(std::string_view text) {
    const auto refuse = [&](std::string_view why) {
        return tl::unexpected(
            failure{fmt::format("'{}': {}", text, why),
                    "such as 'p99>5ms', 'max>1s' or 'rate<10000'; p50, p90, p99, p99.9, p99.99, "
                    "max and mean take ns, us, ms, s"});
    };
    const auto border = text.find_first_of("<>");
    if (border == std::string_view::npos) return refuse("'<' or '>' is missing");
    threshold made;
    made.text_ = text;
    made.name_ = text.substr(0, border);
    made.below_ = text[border] == '<';
    const auto* const named =
        std::ranges::find(named_percentiles, made.name_, &named_percentile::name);
    if (named != named_percentiles.end()) {
        made.percent_ = named->percent;
    } else if (made.name_ == "max") {
        made.of_ = metric::max;
    } else if (made.name_ == "mean") {
        made.of_ = metric::mean;
    } else if (made.name_ == "rate") {
        made.of_ = metric::rate;
    } else {
        return refuse(fmt::format("there is no '{}'", made.name_));
    }
    const auto bound = parse_bound(text.substr(border + 1), made.is_about_rate());
    if (!bound) return refuse(bound.error().message());
    made.bound_ = *bound;
    return made;
}

result<double> threshold::parse_bound(std::string_view text, bool is_rate) {
    double number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
    const std::string_view rest(stop, static_cast<std::size_t>(end - stop));
    const bool is_number =
        error == std::errc{} && number >= 0 && !text.starts_with('-') && std::isfinite(number);
    if (is_rate && is_number && rest.empty()) return number;
    const auto* const found = std::ranges::find(units, rest, &unit::name);
    if (!is_rate && is_number && found != units.end()) return number * found->nanoseconds;
    return tl::unexpected(failure{is_rate ? "a number must follow" : "a time must follow"});
}

double threshold::value(const load_result& done) const {
    switch (of_) {
        case metric::max: return static_cast<double>(done.latency.max().count());
        case metric::mean: return static_cast<double>(done.latency.mean().count());
        case metric::rate: return done.messages_per_second();
        case metric::percentile: break;
    }
    return static_cast<double>(done.latency.percentile(percent_).count());
}

bool threshold::holds(const load_result& done) const {
    return below_ ? value(done) < bound_ : value(done) > bound_;
}

std::string threshold::finding(const load_result& done) const {
    const auto found = value(done);
    if (is_about_rate()) return fmt::format("rate is {}", format_count(found));
    return fmt::format("{} is {}", name_,
                       format_latency(std::chrono::nanoseconds(std::llround(found))));
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
