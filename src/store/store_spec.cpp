#include "store_spec.hpp"

#include "framewire/core/escapes.hpp"
#include "framewire/core/units.hpp"
#include "framewire/service/services.hpp"

#include <fmt/format.h>
#include <array>
#include <utility>

namespace framewire {
namespace {

constexpr std::array<std::string_view, 5> keys{",ack=", ",nack=", ",id=", ",keep=", ",until="};

// Where the next option begins, or the end.
std::size_t next_option(std::string_view text, std::size_t from) {
    auto nearest = text.size();
    for (const auto key : keys) nearest = std::min(nearest, text.find(key, from));
    return nearest;
}

result<id_part> parse_id(std::string_view text) {
    if (text.size() > 2 && text.front() == '/' && text.back() == '/') {
        return id_part{.regex = std::string(text.substr(1, text.size() - 2))};
    }
    const auto number = parse_number(text);
    if (!number || *number == 0) {
        return tl::unexpected(
            failure{fmt::format("'{}' is no part of a payload", text),
                    "id=16 is its first 16 bytes, id=/REGEX/ what REGEX matches"});
    }
    return id_part{.bytes = static_cast<std::size_t>(*number)};
}

// A number alone is a count.
result<void> add_limit(std::string_view text, store_retention& to) {
    if (const auto count = parse_count(text)) {
        to.messages_max = *count;
    } else if (const auto size = parse_size(text)) {
        to.bytes_max = *size;
    } else if (const auto time = parse_duration(text)) {
        to.age_max = *time;
    } else {
        return tl::unexpected(failure{fmt::format("'{}' is no count, size or time", text),
                                      "keep=1000000, keep=10GiB, keep=720h"});
    }
    return {};
}

result<void> add_option(std::string_view key, std::string_view value, store_spec& to) {
    if (key == ",keep=") return add_limit(value, to.keep);
    if (key == ",id=")
        return parse_id(value).map([&](id_part&& part) { to.id = std::move(part); });
    if (key == ",until=") {
        return unescape(value).map([&](std::string&& text) { to.until = std::move(text); });
    }
    auto text = ack_text::parse(value);
    if (!text) return tl::unexpected(text.error());
    if (key == ",ack=") {
        to.ack = std::move(*text);
    } else {
        to.nack = std::move(*text);
    }
    return {};
}

}  // namespace

result<store_spec> store_spec::parse(std::string_view text) {
    store_spec parsed;
    parsed.ack = *ack_text::parse(acknowledge::default_text);
    text.remove_prefix(std::min(name.size(), text.size()));
    auto end = next_option(text, 0);
    parsed.path = std::string(text.substr(0, end));
    if (parsed.path.empty()) {
        return tl::unexpected(failure{"the service store has no file", "store:FILE"});
    }
    while (end < text.size()) {
        const auto key = text.substr(end, text.find('=', end) + 1 - end);
        const auto begin = end + key.size();
        end = next_option(text, begin);
        if (auto added = add_option(key, text.substr(begin, end - begin), parsed); !added) {
            return tl::unexpected(added.error());
        }
    }
    return parsed;
}

}  // namespace framewire
