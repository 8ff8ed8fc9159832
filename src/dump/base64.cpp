#include "base64.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace framewire {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::optional<std::uint32_t> value_of(char digit) {
    if (digit == '-') digit = '+';
    if (digit == '_') digit = '/';
    const auto at = alphabet.find(digit);
    return at == std::string_view::npos ? std::nullopt
                                        : std::optional(static_cast<std::uint32_t>(at));
}

}  // namespace

result<void> append_base64(const std::vector<text_line>& lines, std::string& out) {
    std::uint32_t bits = 0;
    std::size_t digits = 0;
    std::size_t padding = 0;
    for (const auto& line : lines) {
        for (std::size_t at = 0; at < line.text.size(); ++at) {
            const char one = line.text[at];
            if (white_space.find(one) != std::string_view::npos) continue;
            if (one == '=' && digits % 4 >= 2 && padding < 2) {
                ++padding;
                continue;
            }
            const auto value = value_of(one);
            if (!value || padding > 0) {
                return line.refuse(at, padding > 0 ? "the end of the text after the padding"
                                                   : "a digit of base64");
            }
            bits = bits << 6U | *value;
            if (++digits % 4 != 1) out += static_cast<char>(bits >> (6 - 2 * ((digits - 1) % 4)));
        }
    }
    if (digits % 4 == 1 && !lines.empty()) {
        return lines.back().refuse(lines.back().text.size(), "one more digit of base64");
    }
    return {};
}

bool looks_like_base64(std::string_view text) {
    constexpr std::size_t size_min = 8;
    text = trim(text);
    while (text.ends_with('=')) text.remove_suffix(1);
    return text.size() >= size_min &&
           std::ranges::all_of(text, [](char one) { return value_of(one).has_value(); });
}

}  // namespace framewire
