#include "store_spec.hpp"

#include "framewire/core/escapes.hpp"
#include "framewire/core/units.hpp"
#include "framewire/service/services.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>

namespace framewire {
namespace {

constexpr std::array<std::string_view, 9> keys{
    ",ack=", ",nack=", ",id=", ",keep=", ",until=", ",file=", ",wait=", ",replicas=", ",linger="};
// Those that a file has, too.
constexpr std::size_t keys_of_file = 5;

constexpr std::string_view nats_scheme = "nats://";
constexpr std::string_view tls_scheme = "tls://";

// Where the next option begins, or the end.
std::size_t next_option(std::string_view text, std::size_t from, bool is_nats) {
    auto nearest = text.size();
    for (std::size_t i = 0; i < (is_nats ? keys.size() : keys_of_file); ++i) {
        nearest = std::min(nearest, text.find(keys.at(i), from));
    }
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

bool names_stream(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char one) {
        return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') ||
               (one >= '0' && one <= '9') || one == '_' || one == '-';
    });
}

result<nats_target> parse_target(std::string_view text) {
    text.remove_prefix(nats_scheme.size());
    const auto slash = std::min(text.rfind('/'), text.size());
    nats_target target;
    target.servers = text.substr(0, slash);
    target.stream = text.substr(std::min(slash + 1, text.size()));
    if (target.servers.empty() || !names_stream(target.stream)) {
        return tl::unexpected(
            failure{fmt::format("'nats://{}/{}' names no stream of a server", target.shown(),
                                target.stream),
                    "store:nats://HOST/STREAM, where STREAM has letters, digits, '_' and '-'"});
    }
    return target;
}

result<void> add_nats_option(std::string_view key, std::string_view value, store_spec& to) {
    if (key == ",file=") {
        to.path = value;
        return {};
    }
    if (key == ",wait=") {
        to.nats->waits_for_stream = value == "replicated";
        if (value == "local" || value == "replicated") return {};
        return tl::unexpected(failure{fmt::format("'{}' is nothing to wait for", value),
                                      "wait=local, wait=replicated"});
    }
    if (key == ",linger=") {
        const auto time = parse_duration(value);
        if (time) to.nats->linger = *time;
        if (time) return {};
        return tl::unexpected(failure{fmt::format("'{}' is no time", value), "linger=3m"});
    }
    const auto count = parse_number(value);
    constexpr std::uint64_t replicas_max = 5;
    if (!count || *count == 0 || *count > replicas_max) {
        return tl::unexpected(failure{fmt::format("'{}' is no number of replicas", value),
                                      "replicas=1 to replicas=5"});
    }
    to.nats->replicas = static_cast<std::int64_t>(*count);
    return {};
}

result<void> add_option(std::string_view key, std::string_view value, store_spec& to) {
    if (std::ranges::find(keys, key) >= keys.begin() + keys_of_file) {
        return add_nats_option(key, value, to);
    }
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
    if (text.starts_with(tls_scheme)) {
        return tl::unexpected(failure{
            "store:tls:// is not there: libnats before 3.11 uses one TLS connection from two "
            "threads without a lock",
            "use nats:// within a machine or a private network, or through a tunnel"});
    }
    const bool is_nats = text.starts_with(nats_scheme);
    auto end = next_option(text, 0, is_nats);
    parsed.path = std::string(text.substr(0, end));
    if (is_nats) {
        auto target = parse_target(parsed.path);
        if (!target) return tl::unexpected(target.error());
        parsed.path = target->stream + ".db";
        parsed.nats = std::move(*target);
    }
    while (end < text.size()) {
        const auto key = text.substr(end, text.find('=', end) + 1 - end);
        const auto begin = end + key.size();
        end = next_option(text, begin, is_nats);
        if (auto added = add_option(key, text.substr(begin, end - begin), parsed); !added) {
            return tl::unexpected(added.error());
        }
    }
    if (parsed.path.empty()) {
        return tl::unexpected(failure{"the service store has no file", "store:FILE"});
    }
    if (is_nats && parsed.keep.age_max.count() > 0) {
        return tl::unexpected(failure{"keep=TIME would delete messages that are not forwarded",
                                      "keep=COUNT and keep=SIZE refuse messages above that"});
    }
    return parsed;
}

}  // namespace framewire
