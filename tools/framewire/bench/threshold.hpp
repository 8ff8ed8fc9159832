#pragma once

#include "framewire/core/result.hpp"
#include "load/load_result.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// A condition on the outcome of a run: `p99>5ms`, `mean<200us`, `rate<10k`, `errors>0`. A latency
/// is the corrected one of an open loop; `uncorrected.p99`, `late.p99` and `connect.p99` are
/// others.
class threshold {
public:
    static result<threshold> parse(std::string_view text);

    /// Nothing if it is about a latency, and none was measured.
    [[nodiscard]] std::optional<bool> holds(const load_result& done) const;
    /// In the unit of the reports: microseconds, messages per second, a count. Nothing if it was
    /// not measured.
    [[nodiscard]] std::optional<double> value(const load_result& done) const;
    /// `p99 is 6.1 ms`
    [[nodiscard]] std::string finding(const load_result& done) const;
    /// The condition without spaces.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] bool is_about_latency() const noexcept { return of_ < metric::rate; }
    [[nodiscard]] bool is_about_errors() const noexcept { return of_ == metric::errors; }
    [[nodiscard]] bool is_upper_bound() const noexcept { return below_; }

    /// The latencies of a run that a condition may be about.
    enum class series : std::uint8_t { latency, uncorrected, late, connect };
    [[nodiscard]] series about() const noexcept { return series_; }

private:
    enum class metric : std::uint8_t { percentile, max, mean, rate, errors };

    result<void> read_name(std::string_view name);
    result<void> read_bound(std::string_view text);
    [[nodiscard]] const latency_histogram& histogram(const load_result& done) const noexcept;

    std::string text_;
    std::string name_;
    series series_ = series::latency;
    metric of_ = metric::percentile;
    double percent_ = 0;
    bool below_ = false;
    bool includes_bound_ = false;
    double bound_ = 0;  // microseconds, messages a second, or a count
};

/// A percentile that reports show.
struct named_percentile {
    std::string_view name;  // `p99.9`
    std::string_view key;   // `p99_9_us`, as in JSON
    double percent;
};
inline constexpr std::array<named_percentile, 7> named_percentiles{{
    {"p50", "p50_us", 50},
    {"p75", "p75_us", 75},
    {"p90", "p90_us", 90},
    {"p95", "p95_us", 95},
    {"p99", "p99_us", 99},
    {"p99.9", "p99_9_us", 99.9},
    {"p99.99", "p99_99_us", 99.99},
}};

/// Nanoseconds are what follows the point.
[[nodiscard]] inline double in_microseconds(std::chrono::nanoseconds time) noexcept {
    return static_cast<double>(time.count()) / 1e3;
}

/// `850 ns`, `12.3 us`, `4.56 ms`, `1.23 s`
[[nodiscard]] std::string format_latency(std::chrono::nanoseconds latency);

/// `1 234 567`
[[nodiscard]] std::string format_count(double count);

}  // namespace framewire
