#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

namespace framewire {
namespace {

struct unit {
    std::string_view name;
    std::uint64_t factor;
};

// In ascending order, decimal before binary: formatting goes backwards to the first that fits.
constexpr std::array<unit, 8> size_units{{{"", 1},
                                          {"B", 1},
                                          {"kB", 1'000},
                                          {"MB", 1'000'000},
                                          {"GB", 1'000'000'000},
                                          {"KiB", KiB},
                                          {"MiB", MiB},
                                          {"GiB", 1024 * MiB}}};

// In microseconds, in ascending order; of two names for the same, the one that is printed is last.
constexpr std::array<unit, 6> duration_units{{{"us", 1},
                                              {"ms", 1'000},
                                              {"s", 1'000'000},
                                              {"m", 60'000'000},
                                              {"min", 60'000'000},
                                              {"h", 3'600'000'000}}};

constexpr std::string_view digits = "0123456789";

template <std::size_t N>
result<std::uint64_t> parse_with_unit(std::string_view text, const std::array<unit, N>& units,
                                      std::string_view expected) {
    const auto number_end = std::min(text.find_first_not_of(digits), text.size());
    const auto number = parse_number(text.substr(0, number_end));
    for (const auto& unit : units) {
        if (!number || unit.name != text.substr(number_end)) continue;
        if (*number > std::numeric_limits<std::int64_t>::max() / unit.factor) break;
        return *number * unit.factor;
    }
    return tl::unexpected(failure{fmt::format("'{}' is not {}", text, expected)});
}

// A decimal number: its digits, and how many of them follow the point.
struct decimal {
    std::uint64_t digits = 0;
    std::size_t places = 0;
};

// Takes a decimal number from the beginning of `text`. Nothing where there is none.
std::optional<decimal> take_decimal(std::string_view& text) {
    const auto whole = std::min(text.find_first_not_of(digits), text.size());
    auto end = whole;
    if (text.substr(whole).starts_with('.')) {
        end = std::min(text.find_first_not_of(digits, whole + 1), text.size());
        if (end == whole + 1) return std::nullopt;
    }
    std::string all(text.substr(0, whole));
    if (end > whole) all += text.substr(whole + 1, end - whole - 1);
    const auto number = parse_number(all);
    if (whole == 0 || !number) return std::nullopt;
    text.remove_prefix(end);
    return decimal{*number, end > whole ? end - whole - 1 : 0};
}

// Nothing if the product is not whole, or too large.
std::optional<std::uint64_t> product(decimal number, std::uint64_t factor) {
    for (; number.places > 0; --number.places) {
        if (factor % 10 == 0) {
            factor /= 10;
        } else if (number.digits % 10 == 0) {
            number.digits /= 10;
        } else {
            return std::nullopt;
        }
    }
    if (factor > 0 && number.digits > std::numeric_limits<std::uint64_t>::max() / factor) {
        return std::nullopt;
    }
    return number.digits * factor;
}

// What a number is multiplied by: 1000 for `k`, 100 for `e2`.
std::optional<std::uint64_t> count_factor(std::string_view suffix) {
    constexpr std::array<unit, 4> units{
        {{"", 1}, {"k", 1'000}, {"M", 1'000'000}, {"G", 1'000'000'000}}};
    const auto* const named = std::ranges::find(units, suffix, &unit::name);
    if (named != units.end()) return named->factor;
    if (!suffix.starts_with('e')) return std::nullopt;
    const auto exponent = parse_number(suffix.substr(1));
    if (!exponent || *exponent > std::numeric_limits<std::uint64_t>::digits10) return std::nullopt;
    std::uint64_t factor = 1;
    for (std::uint64_t i = 0; i < *exponent; ++i) factor *= 10;
    return factor;
}

failure no_duration(std::string_view text) {
    return {fmt::format("'{}' is not a duration such as 200ms, 5s or 1m30s", text)};
}

}  // namespace

result<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || text.find_first_not_of(digits) != std::string_view::npos ||
        error != std::errc{} || stop != end) {
        return tl::unexpected(failure{fmt::format("'{}' is not a number", text)});
    }
    return value;
}

result<std::uint64_t> parse_size(std::string_view text) {
    return parse_with_unit(text, size_units, "a size such as 512, 64KiB or 16MiB");
}

result<std::uint64_t> parse_count(std::string_view text) {
    auto rest = text;
    if (const auto number = take_decimal(rest)) {
        const auto factor = count_factor(rest);
        const auto count = factor ? product(*number, *factor) : std::nullopt;
        if (count) return *count;
    }
    return tl::unexpected(
        failure{fmt::format("'{}' is not a number such as 500, 20k or 1e6", text)});
}

result<std::chrono::milliseconds> parse_duration(std::string_view text) {
    return parse_microseconds(text).and_then([&](auto time) -> result<std::chrono::milliseconds> {
        const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(time);
        if (whole != time) return tl::unexpected(no_duration(text));
        return whole;
    });
}

result<std::chrono::microseconds> parse_microseconds(std::string_view text) {
    // Added to a clock in nanoseconds, much more than a lifetime would overflow.
    constexpr std::uint64_t longest = std::chrono::microseconds(std::chrono::years(100)).count();
    const auto refuse = [&] { return tl::unexpected(no_duration(text)); };
    std::uint64_t sum = 0;
    constexpr auto no_unit = std::numeric_limits<std::uint64_t>::max();
    auto smaller_than = no_unit;
    auto rest = text;
    while (smaller_than == no_unit || !rest.empty()) {
        const auto number = take_decimal(rest);
        if (!number) return refuse();
        const bool is_first = smaller_than == no_unit;
        const auto name = rest.substr(0, rest.find_first_of(digits));
        rest.remove_prefix(name.size());
        // A number alone is seconds.
        const auto* const unit =
            std::ranges::find(duration_units, name.empty() && is_first ? "s" : name, &unit::name);
        if (unit == duration_units.end() || unit->factor >= smaller_than) return refuse();
        const auto part = product(*number, unit->factor);
        if (!part) return refuse();
        if (*part > longest || sum + *part > longest) {
            return tl::unexpected(failure{fmt::format("'{}' is more than 100 years", text)});
        }
        sum += *part;
        smaller_than = unit->factor;
    }
    return std::chrono::microseconds(sum);
}

std::string format_size(std::uint64_t size) {
    for (auto unit = size_units.rbegin(); unit->name.ends_with("iB"); ++unit) {
        if (size != 0 && size % unit->factor == 0) {
            return fmt::format("{}{}", size / unit->factor, unit->name);
        }
    }
    return fmt::format("{}", size);
}

std::string format_duration(std::chrono::microseconds duration) {
    const auto count = static_cast<std::uint64_t>(duration.count());
    if (count == 0) return "0";
    for (auto unit = duration_units.rbegin();; ++unit) {
        if (count % unit->factor == 0) {
            return fmt::format("{}{}", count / unit->factor, unit->name);
        }
    }
}

}  // namespace framewire
