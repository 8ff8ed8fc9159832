#include "store_position.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <future>
#include <utility>

namespace framewire {
namespace {

std::optional<unsigned> take_digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) return std::nullopt;
    const auto number = parse_number(text.substr(0, count));
    if (!number) return std::nullopt;
    text.remove_prefix(count);
    return static_cast<unsigned>(*number);
}

bool take(std::string_view& text, char one) {
    if (text.empty() || text.front() != one) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::chrono::sys_days> take_day(std::string_view& text) {
    const auto year = take_digits(text, 4);
    if (!year || !take(text, '-')) return std::nullopt;
    const auto month = take_digits(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day = take_digits(text, 2);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(*month), std::chrono::day(*day)};
    return date.ok() ? std::optional(std::chrono::sys_days(date)) : std::nullopt;
}

// At most six digits: microseconds.
std::optional<std::chrono::microseconds> take_fraction(std::string_view& text) {
    const auto size = std::min(text.find_first_not_of("0123456789"), text.size());
    constexpr std::size_t most = 6;
    if (size == 0 || size > most) return std::nullopt;
    auto number = *take_digits(text, size);
    for (auto i = size; i < most; ++i) number *= 10;
    return std::chrono::microseconds(number);
}

std::optional<std::chrono::microseconds> take_time(std::string_view& text) {
    const auto hours = take_digits(text, 2);
    if (!hours || *hours > 23 || !take(text, ':')) return std::nullopt;
    const auto minutes = take_digits(text, 2);
    if (!minutes || *minutes > 59 || !take(text, ':')) return std::nullopt;
    const auto seconds = take_digits(text, 2);
    if (!seconds || *seconds > 59) return std::nullopt;
    std::chrono::microseconds time = std::chrono::hours(*hours) + std::chrono::minutes(*minutes) +
                                     std::chrono::seconds(*seconds);
    if (take(text, '.')) {
        const auto fraction = take_fraction(text);
        if (!fraction) return std::nullopt;
        time += *fraction;
    }
    return time;
}

}  // namespace

std::optional<store_time> parse_store_time(std::string_view text) {
    const auto day = take_day(text);
    if (!day) return std::nullopt;
    if (text.empty()) return store_time(*day);
    if (!take(text, 'T')) return std::nullopt;
    const auto time = take_time(text);
    if (!time) return std::nullopt;
    (void)take(text, 'Z');
    if (!text.empty()) return std::nullopt;
    return store_time(*day) + *time;
}

result<store_position> store_position::parse(std::string_view text) {
    store_position parsed;
    if (text == "first" || text == "next") {
        parsed.where_ = text == "first" ? end::first : end::next;
    } else if (const auto offset = parse_number(text)) {
        parsed.where_ = *offset;
    } else if (const auto time = parse_store_time(text)) {
        parsed.where_ = *time;
    } else if (const auto ago = parse_duration(text)) {
        const auto now = std::chrono::system_clock::now();
        parsed.where_ = std::chrono::floor<std::chrono::microseconds>(now) - *ago;
    } else {
        return tl::unexpected(
            failure{fmt::format("'{}' is no position in a store", text),
                    "first, next, an offset, a time such as 2026-11-29T08:30:00Z (UTC), or how "
                    "long ago: 90m"});
    }
    return parsed;
}

void store_position::find(store_source& in,
                          std::function<void(store_result<std::uint64_t>)> then) const {
    if (const auto* const offset = std::get_if<std::uint64_t>(&where_)) return then(*offset);
    if (const auto* const time = std::get_if<store_time>(&where_)) {
        return in.ask(fmt::format("find {}", time->time_since_epoch().count()),
                      [then = std::move(then)](const store_result<std::string>& text) {
                          if (!text) return then(tl::unexpected(text.error()));
                          then(parse_number(*text).value_or(0));
                      });
    }
    const auto which = std::get<end>(where_);
    in.ask("range", [which, then = std::move(then)](const store_result<std::string>& text) {
        if (!text) return then(tl::unexpected(text.error()));
        const auto range = store_range::parse(*text);
        then(which == end::first ? range.first : range.next);
    });
}

store_result<std::uint64_t> store_position::find(store_source& in) const {
    std::promise<store_result<std::uint64_t>> answer;
    auto found = answer.get_future();
    find(in, [&](store_result<std::uint64_t> offset) { answer.set_value(std::move(offset)); });
    return found.get();
}

}  // namespace framewire
