#include "report.hpp"

#include <fmt/format.h>
#include <cmath>

namespace framewire {
namespace {

double in_milliseconds(std::chrono::nanoseconds time) noexcept {
    return static_cast<double>(time.count()) / 1e6;
}

// Five steps for each halving of what remains, as HdrHistogram takes them.
constexpr double steps_per_half = 5;

double next_percentile(double percent) noexcept {
    const auto halvings = std::floor(std::log2(100 / (100 - percent))) + 1;
    return percent + 100 / (steps_per_half * std::pow(2, halvings));
}

std::string percentile_line(std::chrono::nanoseconds value, double part, std::uint64_t count) {
    const auto text = fmt::format("{:12.6f} {:.12f} {:10}", in_milliseconds(value), part, count);
    return text + (part < 1 ? fmt::format(" {:14.2f}\n", 1 / (1 - part)) : "\n");
}

double deviation(const latency_histogram& of) {
    double squares = 0;
    for (const auto& bucket : of.buckets()) {
        const auto away = in_milliseconds(bucket.upper) - in_milliseconds(of.mean());
        squares += away * away * static_cast<double>(bucket.count);
    }
    return of.count() > 0 ? std::sqrt(squares / static_cast<double>(of.count())) : 0;
}

}  // namespace

std::string bench_hdr(const latency_histogram& of) {
    const auto buckets = of.buckets();
    const auto total = static_cast<double>(of.count());
    std::string text = "       Value     Percentile TotalCount 1/(1-Percentile)\n\n";
    double percent = 0;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        seen += buckets[i].count;
        const auto here = 100 * static_cast<double>(seen) / total;
        const bool is_last = i + 1 == buckets.size();
        while (!is_last && percent <= here && percent < 100) {
            text += percentile_line(buckets[i].upper, percent / 100, seen);
            percent = next_percentile(percent);
        }
        if (is_last) text += percentile_line(buckets[i].upper, 1, seen);
    }
    text += fmt::format("#[Mean    = {:12.6f}, StdDeviation   = {:12.6f}]\n",
                        in_milliseconds(of.mean()), deviation(of));
    text += fmt::format("#[Max     = {:12.6f}, Total count    = {:12}]\n",
                        in_milliseconds(of.max()), of.count());
    return text + fmt::format("#[Buckets = {:12}, SubBuckets     = {:12}]\n",
                              latency_histogram::doublings,
                              latency_histogram::buckets_per_doubling);
}

}  // namespace framewire
