#include "row_text.hpp"

#include "framewire/core/quote.hpp"
#include "text_lines.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <functional>

namespace framewire {
namespace {

constexpr std::size_t shown_max = 32;

std::string as_text(std::string_view input) {
    std::string out(input);
    const auto is_shown = [](char byte) { return byte >= ' ' && byte <= '~'; };
    std::ranges::replace_if(out, std::not_fn(is_shown), '.');
    return out;
}

std::string without_white_space(std::string_view text) {
    std::string out(text);
    std::erase_if(out, [](char byte) { return byte == ' ' || byte == '\t'; });
    return out;
}

// The text between `open` and `close`, as hexdump and od print it.
bool is_between(std::string_view shown, char open, char close, std::string_view expected) {
    if (shown.size() < 2 || shown.front() != open || shown.back() != close) return false;
    const auto inner = shown.substr(1, shown.size() - 2);
    // Netty fills a short row with spaces.
    return inner.starts_with(expected) && trim(inner.substr(expected.size())).empty();
}

}  // namespace

bool is_marked_text(std::string_view shown) noexcept {
    return shown.starts_with('|') || shown.starts_with('>') || shown.starts_with('#');
}

bool is_text_of(std::string_view shown, std::string_view data) {
    const auto expected = as_text(data);
    shown = trim(shown);
    if (is_between(shown, '|', '|', expected) || is_between(shown, '>', '<', expected))
        return true;
    const auto bare = without_white_space(expected);
    const auto shown_bare = without_white_space(shown);
    if (shown_bare == bare) return true;
    // tcpdump shows a space as a dot, too.
    auto dotted = expected;
    std::ranges::replace(dotted, ' ', '.');
    if (shown_bare == dotted) return true;
    // nc -o has a mark before the text only, strace after it only.
    return shown_bare == "#" + bare || shown_bare == bare + "|";
}

std::optional<std::string_view> unclosed_text(std::string_view shown) noexcept {
    if (shown.starts_with('|') && (shown.size() < 2 || !shown.ends_with('|'))) {
        return "| after the text";
    }
    return std::nullopt;
}

std::string mismatch(std::string_view shown, std::string_view data) {
    if (shown.size() >= 2 && shown.starts_with('|') && shown.ends_with('|')) {
        shown = shown.substr(1, shown.size() - 2);
    }
    return fmt::format("the text {} does not match the bytes, which are {}",
                       quote(shown, shown_max), quote(as_text(data), shown_max));
}

}  // namespace framewire
