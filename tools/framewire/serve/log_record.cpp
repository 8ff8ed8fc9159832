#include "log_record.hpp"

#include "cli/json_members.hpp"
#include "cli/timestamp.hpp"
#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace framewire {
namespace {

// Everything else is quoted, so that a line can be divided at its spaces and `=`.
bool is_bare(std::string_view text) {
    constexpr std::string_view others = "-_.:/,[]@+";
    return !text.empty() && std::ranges::all_of(text, [&](char one) {
        const bool is_letter = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
        return is_letter || (one >= '0' && one <= '9') ||
               others.find(one) != std::string_view::npos;
    });
}

void append(std::string_view name, std::string_view value, std::string& line) {
    if (value.empty()) return;
    line += line.empty() ? "" : " ";
    line += name;
    line += '=';
    line += is_bare(value) ? std::string(value) : quote(value);
}

}  // namespace

std::string_view name_of(log_level level) noexcept {
    constexpr std::array<std::string_view, 5> names{"error", "warning", "notice", "info", "debug"};
    return names.at(static_cast<std::size_t>(level));
}

log_record& log_record::add(std::string_view name, std::string text) {
    if (!text.empty()) fields_.push_back({name, std::move(text), true});
    return *this;
}

log_record& log_record::add(std::string_view name, std::uint64_t number) {
    fields_.push_back({name, fmt::format("{}", number), false});
    return *this;
}

log_record& log_record::add_seconds(std::string_view name, double seconds) {
    fields_.push_back({name, fmt::format("{:.6f}", seconds), false});
    return *this;
}

std::string log_record::line(log_format how) const {
    switch (how) {
        case log_format::text: return logfmt();
        case log_format::object: return json();
        case log_format::plain: break;
    }
    return fmt::format("framewire serve: {}\n", words_);
}

std::string log_record::logfmt() const {
    std::string line;
    append("time", timestamp().text(), line);
    append("level", name_of(level_), line);
    append("event", event_, line);
    for (const auto& one : fields_) append(one.name, one.value, line);
    append("message", meaning(), line);
    return line + '\n';
}

std::string log_record::json() const {
    json_members all;
    all.add("time", timestamp().text());
    all.add("level", name_of(level_));
    all.add("event", event_);
    for (const auto& one : fields_) {
        one.is_text ? all.add(one.name, one.value) : all.add_number(one.name, one.value);
    }
    all.add("message", meaning());
    return all.end();
}

}  // namespace framewire
