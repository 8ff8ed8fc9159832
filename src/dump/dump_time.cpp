#include "dump_time.hpp"

#include "dump_row.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace framewire {
namespace {

// Takes `digits` digits and, if it is not 0, the character after them.
std::optional<int> take_number(std::string_view& text, std::size_t digits, char after) {
    const auto value = parse_digits(text.substr(0, digits), 10);
    if (!value || text.size() < digits + (after == 0 ? 0 : 1)) return std::nullopt;
    if (after != 0 && text[digits] != after) return std::nullopt;
    text.remove_prefix(digits + (after == 0 ? 0 : 1));
    return static_cast<int>(*value);
}

std::chrono::nanoseconds take_fraction(std::string_view& text) {
    constexpr std::size_t digits_max = 9;
    if (!text.starts_with('.') && !text.starts_with(',')) return {};
    const auto end = std::min(text.find_first_not_of("0123456789", 1), text.size());
    auto digits = std::string(text.substr(1, std::min(end - 1, digits_max)));
    text.remove_prefix(end);
    if (digits.empty()) return {};
    digits.resize(digits_max, '0');
    return std::chrono::nanoseconds(parse_digits(digits, 10).value_or(0));
}

std::optional<std::chrono::nanoseconds> take_day(std::string_view& text) {
    if (text.size() < 11 || (text[4] != '-' && text[4] != '/')) return std::nullopt;
    auto rest = text;
    const auto year = take_number(rest, 4, text[4]);
    const auto month = take_number(rest, 2, text[4]);
    const auto day = month ? take_number(rest, 2, 0) : std::nullopt;
    if (!year || !month || !day) return std::nullopt;
    const auto date = std::chrono::year_month_day{
        std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
        std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok() || *year > 2200 || rest.empty() || (rest[0] != ' ' && rest[0] != 'T')) {
        return std::nullopt;
    }
    text = rest.substr(1);
    return std::chrono::sys_days(date).time_since_epoch();
}

std::optional<std::chrono::nanoseconds> take_clock(std::string_view& text) {
    auto rest = text;
    const auto hours = take_number(rest, 2, ':');
    const auto minutes = hours ? take_number(rest, 2, ':') : std::nullopt;
    const auto seconds = minutes ? take_number(rest, 2, 0) : std::nullopt;
    if (!seconds) return std::nullopt;
    text = rest;
    return std::chrono::hours(*hours) + std::chrono::minutes(*minutes) +
           std::chrono::seconds(*seconds) + take_fraction(text);
}

}  // namespace

std::optional<dump_time> read_time(std::string_view text) {
    using clock = std::chrono::system_clock;
    const auto at = [&](std::chrono::nanoseconds since, std::string_view rest) {
        return dump_time{clock::time_point(std::chrono::duration_cast<clock::duration>(since)),
                         text.size() - rest.size()};
    };
    auto rest = text;
    const auto day = take_day(rest);
    if (const auto time = take_clock(rest)) {
        return at(day.value_or(std::chrono::nanoseconds{}) + *time, rest);
    }
    constexpr std::size_t epoch_digits = 10;
    rest = text;
    const auto seconds = parse_digits(rest.substr(0, epoch_digits), 10);
    if (!seconds || rest.size() <= epoch_digits || rest[epoch_digits] != '.') return std::nullopt;
    if (*seconds > 7'000'000'000) return std::nullopt;
    rest.remove_prefix(epoch_digits);
    const std::chrono::nanoseconds since =
        std::chrono::seconds(static_cast<std::int64_t>(*seconds));
    return at(since + take_fraction(rest), rest);
}

}  // namespace framewire
