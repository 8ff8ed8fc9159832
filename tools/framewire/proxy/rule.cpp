#include "rule.hpp"

#include "framewire/core/escapes.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {
namespace {

constexpr std::string_view not_escapes = "&123456789";

tl::unexpected<failure> no_rewriting(std::string_view text) {
    return tl::unexpected(
        failure{fmt::format("'{}' is not understood", text), "such as 's/colour/color/g'"});
}

constexpr std::string_view program_mark = "exec:";

result<std::string> read_command(std::string_view text) {
    auto command = std::string(text.substr(program_mark.size()));
    if (!command.empty()) return command;
    return tl::unexpected(
        failure{fmt::format("'{}' has no command", text), "exec:COMMAND runs /bin/sh -c COMMAND"});
}

}  // namespace

result<mock_reply> mock_reply::parse(std::string_view text) {
    if (text.starts_with(program_mark)) {
        return read_command(text).map([](std::string command) {
            return mock_reply{{}, std::move(command)};
        });
    }
    return unescape(text).map([](std::string meant) { return mock_reply{std::move(meant), {}}; });
}

result<change> change::parse(std::string_view text) {
    if (text.starts_with(program_mark)) {
        return read_command(text).map([](std::string command) {
            return change{std::nullopt, std::move(command)};
        });
    }
    return rewriting::parse(text).map([](rewriting by) { return change{std::move(by), {}}; });
}

result<rewriting> rewriting::parse(std::string_view text) {
    if (text.size() < 4 || text[0] != 's') return no_rewriting(text);
    const char border = text[1];
    const auto middle = text.find(border, 2);
    const auto end = middle == std::string_view::npos ? middle : text.find(border, middle + 1);
    if (end == std::string_view::npos || middle == 2) return no_rewriting(text);
    const auto flags = text.substr(end + 1);
    if (!flags.empty() && flags != "g") return no_rewriting(text);
    auto what = expression::parse(text.substr(2, middle - 2));
    if (!what) return tl::unexpected(what.error());
    std::string by(text.substr(middle + 1, end - middle - 1));
    std::string tried;
    for (std::string_view rest = by; !rest.empty();) {
        if (!take_unescaped(rest, tried, not_escapes)) return no_rewriting(by);
    }
    return rewriting(*std::move(what), std::move(by), !flags.empty());
}

std::string rewriting::apply(bytes payload) const {
    std::string out;
    std::size_t at = 0;
    for (auto found = what_.search(payload); found; found = what_.search(payload, at)) {
        const bool is_empty = found->end() == found->begin();
        out += payload.substr(at, found->begin() - at);
        append(*found, payload, out);
        at = found->end();
        if (!is_global_ || at == payload.size()) break;
        if (is_empty) out += payload[at++];
    }
    return out += payload.substr(at);
}

void rewriting::append(const expression::match& found, bytes payload, std::string& out) const {
    const auto append_place = [&](std::size_t index) {
        const auto [begin, end] = found.places[index];
        if (begin != bytes::npos) out += payload.substr(begin, end - begin);
    };
    for (std::string_view rest = by_; !rest.empty();) {
        const bool is_group =
            rest.size() > 1 && rest[0] == '\\' && rest[1] >= '1' && rest[1] <= '9';
        if (is_group || rest[0] == '&') {
            append_place(is_group ? static_cast<std::size_t>(rest[1] - '0') : 0);
            rest.remove_prefix(is_group ? 2 : 1);
        } else {
            (void)take_unescaped(rest, out, not_escapes);
        }
    }
}

}  // namespace framewire
