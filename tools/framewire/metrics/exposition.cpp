#include "exposition.hpp"

#include <fmt/format.h>
#include <chrono>
#include <cmath>

namespace framewire {
namespace {

std::string escaped(std::string_view value) {
    std::string out;
    for (const char one : value) {
        if (one == '\n') {
            out += "\\n";
            continue;
        }
        if (one == '\\' || one == '"') out += '\\';
        out += one;
    }
    return out;
}

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

// Counters up to 2^53 are exact, and no exponent hides their last digits.
std::string number_text(double number) {
    constexpr double exact_max = 9007199254740992.0;
    const bool is_whole = std::abs(number) < exact_max && std::trunc(number) == number;
    return is_whole ? fmt::format("{}", static_cast<std::int64_t>(number))
                    : fmt::format("{}", number);
}

}  // namespace

void exposition::counter(std::string_view name, std::string_view help, std::uint64_t value) {
    begin(name, "counter", help);
    line(name, {}, static_cast<double>(value));
}

void exposition::gauge(std::string_view name, std::string_view help, double value) {
    begin(name, "gauge", help);
    line(name, {}, value);
}

void exposition::histogram(std::string_view name, std::string_view help,
                           const duration_histogram& of) {
    begin(name, "histogram", help);
    const auto bucket = name_ + "_bucket";
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < duration_histogram::bounds.size(); ++i) {
        below += of.counts.at(i);
        const auto bound = seconds(duration_histogram::bounds.at(i));
        line(bucket, fmt::format("le=\"{}\"", number_text(bound)), static_cast<double>(below));
    }
    const auto all = static_cast<double>(of.count());
    line(bucket, "le=\"+Inf\"", all);
    line(name_ + "_sum", {}, seconds(of.sum));
    line(name_ + "_count", {}, all);
}

void exposition::begin(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void exposition::sample(std::string_view label, std::string_view value, double number) {
    const auto labels =
        label.empty() ? std::string() : fmt::format("{}=\"{}\"", label, escaped(value));
    line(name_, labels, number);
}

void exposition::line(std::string_view name, std::string_view labels, double number) {
    text_ += name;
    if (!labels.empty()) text_ += fmt::format("{{{}}}", labels);
    text_ += fmt::format(" {}\n", number_text(number));
}

}  // namespace framewire
