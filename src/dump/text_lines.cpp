#include "text_lines.hpp"

#include "framewire/core/bytes.hpp"
#include "framewire/core/quote.hpp"
#include "framewire/core/utf8.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>

namespace framewire {
namespace {

constexpr std::size_t shown_bytes_max = 16;

// In characters, as an editor counts them, or in bytes if they are not UTF-8.
std::size_t column(std::string_view line, std::size_t position) {
    const auto before = line.substr(0, position);
    const auto characters = count_utf8(before);
    return 1 +
           (characters == unknown_length ? before.size() : static_cast<std::size_t>(characters));
}

}  // namespace

tl::unexpected<failure> text_line::refuse(std::size_t position, std::string_view expected,
                                          std::string hint) const {
    const auto rest = text.substr(std::min(position, text.size()));
    const auto found = rest.empty() ? "the end of the line" : quote(rest, shown_bytes_max);
    return object(position, fmt::format("expected {}, found {}", expected, found),
                  std::move(hint));
}

tl::unexpected<failure> text_line::object(std::size_t position, std::string_view words,
                                          std::string hint) const {
    return tl::unexpected(
        failure{fmt::format("line {}, column {}: {}", number, column(text, position), words),
                std::move(hint)});
}

tl::unexpected<failure> text_line::refuse_repeats() const {
    return object(
        begin(),
        "* stands for lines like the one before it, and without offsets nothing says how "
        "many",
        "od -v, or without -A n, shows all");
}

std::size_t text_line::begin() const noexcept {
    return std::min(text.find_first_not_of(white_space), text.size());
}

std::string_view trim(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(white_space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

std::size_t hex_end(std::string_view text, std::size_t position) noexcept {
    return std::min(text.find_first_not_of("0123456789abcdefABCDEF", position), text.size());
}

void append_pairs(std::string_view digits, std::string& out) {
    for (; digits.size() >= 2; digits.remove_prefix(2)) {
        unsigned value = 0;
        std::from_chars(digits.data(), digits.data() + 2, value, 16);
        out += static_cast<char>(value);
    }
}

std::vector<text_line> split_lines(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    std::vector<text_line> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        const auto spaces = line.size() - (line.find_last_not_of(' ') + 1);
        line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
        lines.push_back({line, lines.size() + 1, spaces});
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::vector<text_line> content_lines(const std::vector<text_line>& lines) {
    std::vector<text_line> out;
    std::ranges::copy_if(lines, std::back_inserter(out), [](const auto& line) {
        const auto text = trim(line.text);
        return !text.empty() && text.front() != '#';
    });
    return out;
}

}  // namespace framewire
