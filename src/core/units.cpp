#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <array>
#include <charconv>
#include <limits>

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

constexpr std::array<unit, 4> duration_units{
    {{"ms", 1}, {"s", 1'000}, {"min", 60'000}, {"h", 3'600'000}}};

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

result<std::chrono::milliseconds> parse_duration(std::string_view text) {
    // Added to a clock in nanoseconds, much more than a lifetime would overflow.
    constexpr std::chrono::milliseconds longest = std::chrono::years(100);
    constexpr std::string_view expected = "a duration such as 200ms, 5s or 2min";
    if (text == "0") return std::chrono::milliseconds{0};
    const auto count = parse_with_unit(text, duration_units, expected);
    if (!count) return tl::unexpected(count.error());
    if (*count > static_cast<std::uint64_t>(longest.count())) {
        return tl::unexpected(failure{fmt::format("'{}' is more than 100 years", text)});
    }
    return std::chrono::milliseconds(*count);
}

std::string format_size(std::uint64_t size) {
    for (auto unit = size_units.rbegin(); unit->name.ends_with("iB"); ++unit) {
        if (size != 0 && size % unit->factor == 0) {
            return fmt::format("{}{}", size / unit->factor, unit->name);
        }
    }
    return fmt::format("{}", size);
}

std::string format_duration(std::chrono::milliseconds duration) {
    const auto count = static_cast<std::uint64_t>(duration.count());
    if (count == 0) return "0";
    for (auto unit = duration_units.rbegin();; ++unit) {
        if (count % unit->factor == 0) {
            return fmt::format("{}{}", count / unit->factor, unit->name);
        }
    }
}

}  // namespace framewire
