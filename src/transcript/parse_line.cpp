#include "parse_line.hpp"

#include "framewire/core/units.hpp"

#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace framewire {
namespace {

using kind = transcript_line::kind;

std::optional<char> parse_hex_pair(std::string_view text) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (text.size() != 2 || error != std::errc{} || end != text.data() + 2) return std::nullopt;
    return static_cast<char>(value);
}

// Parses quoted text after its opening quote, and removes it together with its closing quote.
bool take_quoted(std::string_view& rest, std::string& out) {
    constexpr std::string_view names = "nrt\"\\";
    constexpr std::string_view values = "\n\r\t\"\\";
    while (!rest.empty() && rest.front() != '"') {
        if (rest.front() != '\\') {
            out += rest.front();
            rest.remove_prefix(1);
            continue;
        }
        const auto name = rest.size() > 1 ? names.find(rest[1]) : std::string_view::npos;
        if (name != std::string_view::npos) {
            out += values[name];
            rest.remove_prefix(2);
            continue;
        }
        const auto byte =
            rest.starts_with("\\x") ? parse_hex_pair(rest.substr(2, 2)) : std::nullopt;
        if (!byte) return false;
        out += *byte;
        rest.remove_prefix(4);
    }
    if (rest.empty()) return false;
    rest.remove_prefix(1);
    return true;
}

std::optional<std::string> parse_bytes(std::string_view rest) {
    std::string out;
    for (rest = trimmed(rest); !rest.empty(); rest = trimmed(rest)) {
        if (rest.front() == '"') {
            rest.remove_prefix(1);
            if (!take_quoted(rest, out)) return std::nullopt;
            continue;
        }
        const auto byte = parse_hex_pair(rest.substr(0, 2));
        if (!byte) return std::nullopt;
        out += *byte;
        rest.remove_prefix(2);
    }
    return out;
}

// `eof`, `reset` or `gap 1448`, after `<` or `>`.
std::optional<transcript_line> parse_break(std::string_view rest, direction way) {
    constexpr std::string_view gap = "gap ";
    if (rest == "eof") return transcript_line{.what = kind::eof, .way = way};
    if (rest == "reset") return transcript_line{.what = kind::reset, .way = way};
    if (!rest.starts_with(gap)) return std::nullopt;
    const auto size = parse_number(trimmed(rest.substr(gap.size())));
    if (!size) return std::nullopt;
    return transcript_line{.what = kind::gap, .way = way, .missing = *size};
}

// `framing digits:10 max=64` means `digits:10,max=64`.
std::string join_options(std::string_view spec) {
    std::string joined;
    for (const char byte : spec) {
        const bool space = byte == ' ' || byte == '\t';
        if (!space) joined += byte;
        if (space && !joined.ends_with(',')) joined += ',';
    }
    return joined;
}

result<transcript_line> parse_framing(std::string_view spec) {
    return framing::parse(join_options(spec)).map([](framing parsed) {
        auto text = parsed.spec();
        return transcript_line{.what = kind::framing,
                               .text = std::move(text),
                               .frames = std::make_shared<const framing>(std::move(parsed))};
    });
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

result<transcript_line> parse_line(std::string_view line) {
    constexpr std::string_view keyword = "framing ";
    if (line.starts_with(keyword)) return parse_framing(trimmed(line.substr(keyword.size())));
    const auto rest = trimmed(line.substr(1));
    switch (line.front()) {
        case '#': return transcript_line{kind::comment, std::string(rest)};
        case '=':
            if (rest.starts_with('>')) {
                return transcript_line{.what = kind::event,
                                       .text = std::string(trimmed(rest.substr(1))),
                                       .way = direction::sent};
            }
            return transcript_line{kind::event, std::string(rest)};
        case '@':
            return parse_microseconds(rest).map([](auto elapsed) {
                return transcript_line{.what = kind::clock, .elapsed = elapsed};
            });
        case '<':
        case '>': {
            const bool is_sent = line.front() == '>';
            if (auto broken = parse_break(rest, is_sent ? direction::sent : direction::received)) {
                return *std::move(broken);
            }
            if (auto parsed = parse_bytes(rest)) {
                return transcript_line{is_sent ? kind::to_peer : kind::from_peer,
                                       std::move(*parsed)};
            }
            return tl::unexpected(failure{"expected pairs of hexadecimal digits and quoted text"});
        }
        default: return tl::unexpected(failure{"expected #, framing, connection, <, >, = or @"});
    }
}

}  // namespace framewire
