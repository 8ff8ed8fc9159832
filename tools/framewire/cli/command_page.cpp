#include "command_page.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {
namespace {

using value_kind = option_spec::value_kind;

template <class T, class Parse>
command_page::reader into_number(T& into, std::uint64_t smallest, Parse parse) {
    return [&into, smallest, parse](const std::string& text) -> result<void> {
        const auto value = parse(text);
        if (!value) return tl::unexpected(value.error());
        if (*value < T(smallest)) {
            return tl::unexpected(failure{fmt::format("must be at least {}", smallest)});
        }
        into = *value;
        return {};
    };
}

template <class T>
command_page::reader into_text(T& into) {
    return [&into](const std::string& text) -> result<void> {
        into = text;
        return {};
    };
}

}  // namespace

option& option::shown_default(const std::string& text) {
    self_->initial = text;
    return *this;
}

option& option::excludes(const option& other) {
    self_->excluded.push_back(other.self_);
    return *this;
}

option& option::seldom() {
    self_->is_seldom = true;
    return *this;
}

option& option::of_command_line() {
    self_->is_of_command_line = true;
    return *this;
}

option& option::reloadable() {
    self_->is_reloadable = true;
    return *this;
}

bool option::given() const { return self_->times_given > 0; }

std::string option::heading() const {
    return fmt::format("{} {}={}", self_->long_name, self_->value, self_->initial);
}

std::string option::meaning() const { return self_->meaning; }

void command_page::group(const std::string& heading) { group_ = heading; }

option_spec& command_page::add(const std::string& names, value_kind takes, std::string value,
                               const std::string& meaning, reader read) {
    const auto comma = names.find(',');
    auto& added = spec_.options.emplace_back();
    if (comma != std::string::npos) added.short_name = names.substr(0, comma);
    added.long_name = comma == std::string::npos ? names : names.substr(comma + 1);
    added.takes = takes;
    added.value = std::move(value);
    added.meaning = meaning;
    added.group = group_;
    added.read = std::move(read);
    return added;
}

option command_page::text(const std::string& names, std::string& into, const char* type,
                          const std::string& meaning) {
    return value(names, type, meaning, into_text(into));
}

option command_page::text(const std::string& names, std::optional<std::string>& into,
                          const char* type, const std::string& meaning) {
    return value(names, type, meaning, into_text(into));
}

option command_page::texts(const std::string& names, std::vector<std::string>& into,
                           const char* type, const std::string& meaning) {
    return values(names, type, meaning, [&into](const std::string& text) -> result<void> {
        into.push_back(text);
        return {};
    });
}

option command_page::flag(const std::string& names, bool& into, const std::string& meaning) {
    auto& added = add(names, value_kind::none, "", meaning, [&into](const auto&) -> result<void> {
        into = true;
        return {};
    });
    added.repeats = true;
    return option(added);
}

option command_page::count(const std::string& names, int& into, const std::string& meaning) {
    auto& added = add(names, value_kind::none, "", meaning, [&into](const auto&) -> result<void> {
        ++into;
        return {};
    });
    added.repeats = true;
    return option(added);
}

option command_page::number(const std::string& names, std::uint64_t& into,
                            const std::string& meaning, std::uint64_t smallest) {
    return value(names, "N", meaning, into_number(into, smallest, parse_count))
        .shown_default(fmt::format("{}", into));
}

option command_page::size(const std::string& names, std::uint64_t& into,
                          const std::string& meaning, std::uint64_t smallest) {
    return value(names, "SIZE", meaning, into_number(into, smallest, parse_size))
        .shown_default(format_size(into));
}

option command_page::sizes(const std::string& names, std::vector<std::uint64_t>& into,
                           const std::string& meaning) {
    return values(names, "LIST", meaning, [&into](const std::string& text) -> result<void> {
        for (std::size_t at = 0; at <= text.size();) {
            const auto end = std::min(text.find(',', at), text.size());
            const auto size = parse_size(text.substr(at, end - at));
            if (!size) return tl::unexpected(size.error());
            into.push_back(*size);
            at = end + 1;
        }
        return {};
    });
}

option command_page::duration(const std::string& names, std::chrono::milliseconds& into,
                              const std::string& meaning) {
    return value(names, "TIME", meaning, into_number(into, 0, parse_duration))
        .shown_default(format_duration(into));
}

option command_page::value(const std::string& names, const char* type, const std::string& meaning,
                           reader read) {
    return option(add(names, value_kind::required, type, meaning, std::move(read)));
}

option command_page::values(const std::string& names, const char* type, const std::string& meaning,
                            reader read) {
    auto& added = add(names, value_kind::required, type, meaning, std::move(read));
    added.repeats = true;
    return option(added);
}

option command_page::optional_value(const std::string& names, const char* type,
                                    const std::string& meaning, reader read) {
    return option(add(names, value_kind::optional, type, meaning, std::move(read)));
}

option command_page::prints(const std::string& names, std::function<std::string()> text,
                            const std::string& meaning) {
    auto& added = add(names, value_kind::none, "", meaning, {});
    added.prints = std::move(text);
    return option(added);
}

void command_page::words(std::vector<std::string>& into) { spec_.words = &into; }

void command_page::describe(const std::string& usage, const std::string& examples) {
    spec_.usage = usage;
    spec_.examples = examples;
}

void command_page::notes(const std::string& paragraphs) { spec_.notes = paragraphs; }

std::size_t command_page::given() const {
    std::size_t count = spec_.words == nullptr ? 0 : spec_.words->size();
    for (const auto& one : spec_.options) count += one.times_given > 0 ? 1 : 0;
    return count;
}

}  // namespace framewire
