#pragma once

#include "framewire/core/result.hpp"
#include "load/load_result.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

/// A condition on the outcome of a run: `p99>5ms`, `mean<200us`, `rate<10000`. Latencies are the
/// corrected ones of an open loop.
class threshold {
public:
    static result<threshold> parse(std::string_view text);

    [[nodiscard]] bool holds(const load_result& done) const;
    /// `p99 is 6.1 ms`
    [[nodiscard]] std::string finding(const load_result& done) const;
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] bool is_about_rate() const noexcept { return of_ == metric::rate; }
    [[nodiscard]] bool is_upper_bound() const noexcept { return below_; }

private:
    enum class metric : std::uint8_t { percentile, max, mean, rate };

    [[nodiscard]] double value(const load_result& done) const;
    static result<double> parse_bound(std::string_view text, bool is_rate);

    std::string text_;
    std::string name_;
    metric of_ = metric::percentile;
    double percent_ = 0;
    bool below_ = false;
    double bound_ = 0;  // nanoseconds, or messages a second
};

/// A percentile that reports show and thresholds may name.
struct named_percentile {
    std::string_view name;  // `p99.9`
    std::string_view key;   // `p99_9_us`, as in JSON
    double percent;
};
inline constexpr std::array<named_percentile, 5> named_percentiles{{
    {"p50", "p50_us", 50},
    {"p90", "p90_us", 90},
    {"p99", "p99_us", 99},
    {"p99.9", "p99_9_us", 99.9},
    {"p99.99", "p99_99_us", 99.99},
}};

/// `850 ns`, `12.3 us`, `4.56 ms`, `1.23 s`
[[nodiscard]] std::string format_latency(std::chrono::nanoseconds latency);

/// `1 234 567`
[[nodiscard]] std::string format_count(double count);

}  // namespace framewire
