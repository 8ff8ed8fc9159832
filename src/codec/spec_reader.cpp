#include "spec_reader.hpp"

#include "core/near_word.hpp"
#include "framewire/core/escapes.hpp"
#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {

namespace {

// The only option that may be given more than once.
constexpr std::string_view repeatable = "or";

// The next unescaped comma, or the end.
std::size_t find_border(std::string_view spec, std::size_t from) noexcept {
    for (auto at = from; at < spec.size(); ++at) {
        if (spec[at] == ',') return at;
        if (spec[at] == '\\') ++at;
    }
    return spec.size();
}

bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char one) { return one >= ' ' && one <= '~'; });
}

// Only where every character has one column.
std::string place_of(std::string_view spec, std::size_t position) {
    if (spec.empty() || !is_plain(spec)) return "";
    return fmt::format("{}\n{:>{}}", spec, '^', std::min(position, spec.size()) + 1);
}

// `0xd3`, which is meant as a byte; what it is written as.
std::string as_escapes(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdefABCDEF";
    const bool is_number = text.starts_with("0x") && text.size() > 2 && text.size() % 2 == 0 &&
                           text.find_first_not_of(digits, 2) == std::string_view::npos;
    std::string escapes;
    for (std::size_t at = 2; is_number && at < text.size(); at += 2) {
        escapes += fmt::format("\\x{}", text.substr(at, 2));
    }
    return escapes;
}

}  // namespace

result<spec_reader> spec_reader::split(std::string_view spec) {
    spec_reader reader;
    reader.spec_ = spec;
    const auto head = spec.substr(0, find_border(spec, 0));
    const auto colon = std::min(head.find(':'), head.size());
    reader.name_ = {head.substr(0, colon), 0};
    if (reader.name_.text.empty()) return reader.refuse(0, "a framing's name");
    if (colon < head.size()) {
        reader.argument_ = {head.substr(colon + 1), colon + 1};
        if (reader.argument_.text.empty()) return reader.refuse(colon + 1, "a value");
    } else {
        reader.argument_ = {{}, head.size()};
    }
    for (auto at = head.size(); at < spec.size();) {
        const auto start = at + 1;
        const auto end = find_border(spec, start);
        const auto text = spec.substr(start, end - start);
        const auto equals = text.find('=');
        if (equals == std::string_view::npos || equals == 0) {
            return reader.refuse(start, "option=value");
        }
        const option found{{text.substr(0, equals), start},
                           {text.substr(equals + 1), start + equals + 1}};
        if (found.key.text != repeatable && reader.has(found.key.text)) {
            return reader.refuse(start, fmt::format("'{}' only once", found.key.text));
        }
        reader.options_.push_back(found);
        at = end;
    }
    return reader;
}

bool spec_reader::has(std::string_view key) const noexcept {
    return std::ranges::any_of(options_, [&](const auto& one) { return one.key.text == key; });
}

std::optional<spec_reader::word> spec_reader::take(std::string_view key) {
    known_.push_back(key);
    const auto found =
        std::ranges::find_if(options_, [&](const auto& one) { return one.key.text == key; });
    if (found == options_.end()) return std::nullopt;
    const auto value = found->value;
    options_.erase(found);
    return value;
}

std::size_t spec_reader::position(std::string_view key) const noexcept {
    const auto found =
        std::ranges::find_if(options_, [&](const auto& one) { return one.key.text == key; });
    return found == options_.end() ? 0 : found->value.position;
}

result<std::string> spec_reader::unescape(word escaped, std::size_t bytes_max) const {
    std::string out;
    if (const auto meant = as_escapes(escaped.text); !meant.empty()) {
        return refuse(escaped.position, "bytes", fmt::format("did you mean {}?", meant));
    }
    for (auto rest = escaped.text; !rest.empty();) {
        const auto position = escaped.position + escaped.text.size() - rest.size();
        if (!take_unescaped(rest, out, ",")) {
            return refuse(position, R"(\r, \n, \t, \0, \\, \,, \xHH or \uHHHH)");
        }
    }
    if (out.empty() || out.size() > bytes_max) {
        return refuse(escaped.position, fmt::format("1 to {} bytes", bytes_max));
    }
    return out;
}

result<void> spec_reader::finish(bool argument_expected) const {
    if (!argument_expected && !argument_.text.empty()) {
        return refuse(argument_.position, fmt::format("no value after '{}'", name_.text));
    }
    if (options_.empty()) return {};
    const auto& wrong = options_.front().key;
    const auto near = near_word(wrong.text, known_);
    return refuse(wrong.position,
                  fmt::format("an option of '{}' (see 'framewire framings')", name_.text),
                  near.empty() ? "" : fmt::format("did you mean '{}='?", near));
}

tl::unexpected<failure> spec_reader::refuse(std::size_t position, std::string_view expected,
                                            std::string hint) const {
    const auto end = std::max(find_border(spec_, position), position + 1);
    const auto place = position >= spec_.size()
                           ? " at the end"
                           : ", found " + quote(spec_.substr(position, end - position));
    return tl::unexpected(
        failure{fmt::format("framing {}: expected {}{}", quote(spec_), expected, place),
                std::move(hint), place_of(spec_, position)});
}

}  // namespace framewire
