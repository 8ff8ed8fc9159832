#include "framewire/core/escapes.hpp"

#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace framewire {
namespace {

std::optional<std::uint32_t> take_digits(std::string_view& text, std::size_t count) {
    std::uint32_t value = 0;
    const auto digits = text.substr(0, count);
    const auto* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, value, 16);
    if (digits.size() != count || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    text.remove_prefix(count);
    return value;
}

// Four digits reach no further than three bytes.
bool append_utf8(std::uint32_t character, std::string& out) {
    const auto last_bits = [&](unsigned shift) {
        return static_cast<char>(0x80U | (character >> shift & 0x3FU));
    };
    constexpr std::uint32_t surrogate_min = 0xD800;
    constexpr std::uint32_t surrogate_max = 0xDFFF;
    if (character >= surrogate_min && character <= surrogate_max) return false;
    if (character < 0x80) {
        out += static_cast<char>(character);
    } else if (character < 0x800) {
        out += {static_cast<char>(0xC0U | character >> 6), last_bits(0)};
    } else {
        out += {static_cast<char>(0xE0U | character >> 12), last_bits(6), last_bits(0)};
    }
    return true;
}

}  // namespace

bool take_unescaped(std::string_view& text, std::string& out, std::string_view as_itself) {
    constexpr std::string_view names = R"(rnt0\)";
    constexpr std::string_view values("\r\n\t\0\\", names.size());
    const char first = text.front();
    text.remove_prefix(1);
    if (first != '\\') {
        out += first;
        return true;
    }
    if (text.empty()) return false;
    const char name = text.front();
    text.remove_prefix(1);
    if (const auto known = names.find(name); known != std::string_view::npos) {
        out += values[known];
        return true;
    }
    if (as_itself.find(name) != std::string_view::npos) {
        out += name;
        return true;
    }
    if (name != 'x' && name != 'u') return false;
    const auto value = take_digits(text, name == 'x' ? 2 : 4);
    if (!value) return false;
    if (name == 'u') return append_utf8(*value, out);
    out += static_cast<char>(*value);
    return true;
}

result<std::string> unescape(std::string_view text) {
    std::string out;
    for (auto rest = text; !rest.empty();) {
        const auto position = text.size() - rest.size();
        if (take_unescaped(rest, out)) continue;
        return tl::unexpected(failure{
            fmt::format("{}: at {}: this backslash begins no escape", quote(text), position),
            R"(escapes are \r \n \t \0 \\ \xHH \uHHHH; a backslash itself is \\)"});
    }
    return out;
}

result<std::string> parse_hex(std::string_view text) {
    std::string out;
    for (auto rest = text; !rest.empty();) {
        const auto position = text.size() - rest.size();
        if (rest.front() == ' ' || rest.front() == ':') {
            rest.remove_prefix(1);
        } else if (const auto byte = take_digits(rest, 2)) {
            out += static_cast<char>(*byte);
        } else {
            return tl::unexpected(failure{
                fmt::format("{}: at {}: expected two hexadecimal digits", quote(text), position),
                "02 48 69, 02:48:69 or 024869"});
        }
    }
    return out;
}

}  // namespace framewire
