#include "framewire/transcript/transcript.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"
#include "framewire/core/utf8.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <optional>

namespace framewire {
namespace {

using kind = transcript_line::kind;

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

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
    for (rest = trim(rest); !rest.empty(); rest = trim(rest)) {
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
    const auto size = parse_number(trim(rest.substr(gap.size())));
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

result<transcript_line> parse_line(std::string_view line) {
    const auto rest = trim(line.substr(1));
    switch (line.front()) {
        case '#': return transcript_line{kind::comment, std::string(rest)};
        case '=':
            if (rest.starts_with('>')) {
                return transcript_line{.what = kind::event,
                                       .text = std::string(trim(rest.substr(1))),
                                       .way = direction::sent};
            }
            return transcript_line{kind::event, std::string(rest)};
        case '@':
            return parse_duration(rest).map([](auto elapsed) {
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
        default: return tl::unexpected(failure{"expected #, framing, <, >, = or @"});
    }
}

bool is_plain(bytes character) {
    const char first = character.front();
    return is_visible(character) || first == '\n' || first == '\r' || first == '\t';
}

// How many bytes at the beginning are readable as quoted text.
std::size_t text_run(bytes input) {
    std::size_t end = 0;
    while (end < input.size()) {
        utf8_counter counter;
        const auto size = counter.advance(input.substr(end), 1);
        const bool character = counter.valid() && !counter.inside_character();
        if (!character || !is_plain(input.substr(end, size))) break;
        end += size;
    }
    return end;
}

}  // namespace

result<transcript> transcript::parse(std::string_view text) {
    std::optional<class framing> framing;
    std::vector<transcript_line> lines;
    std::size_t number = 0;
    const auto refuse = [&](const failure& why) {
        return tl::unexpected(
            failure{fmt::format("line {}: {}", number, why.message()), why.hint, why.place});
    };
    while (!text.empty()) {
        ++number;
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trim(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        constexpr std::string_view keyword = "framing ";
        if (line.empty()) continue;
        if (line.starts_with(keyword)) {
            auto parsed = framing::parse(join_options(trim(line.substr(keyword.size()))));
            if (!parsed) return refuse(parsed.error());
            if (!framing) {
                framing = std::move(*parsed);
                continue;
            }
            lines.push_back({.what = kind::framing,
                             .text = parsed->spec(),
                             .frames = std::make_shared<const class framing>(*parsed),
                             .number = number});
            continue;
        }
        auto parsed = parse_line(line);
        if (!parsed) return refuse(parsed.error());
        if (!framing && parsed->what != kind::comment)
            return refuse({"expected framing SPEC first"});
        parsed->number = number;
        lines.push_back(std::move(*parsed));
    }
    if (!framing) return refuse({"expected framing SPEC"});
    return transcript{std::move(*framing), std::move(lines)};
}

transcript transcript::reversed() const {
    transcript turned{framing.reversed(), {}};
    for (auto line : lines) {
        line.way = line.way == direction::sent ? direction::received : direction::sent;
        switch (line.what) {
            case kind::from_peer: line.what = kind::to_peer; break;
            case kind::to_peer: line.what = kind::from_peer; break;
            case kind::clock: continue;
            case kind::framing:
                line.frames = std::make_shared<const class framing>(line.frames->reversed());
                line.text = line.frames->spec();
                break;
            default: break;
        }
        turned.lines.push_back(std::move(line));
    }
    return turned;
}

direction way_of(const transcript_line& line) noexcept {
    switch (line.what) {
        case kind::from_peer: return direction::received;
        case kind::to_peer: return direction::sent;
        case kind::event:
        case kind::eof:
        case kind::reset:
        case kind::gap: return line.way;
        default: return direction::both;
    }
}

std::string print_bytes(bytes input) {
    std::string out;
    while (!input.empty()) {
        if (!out.empty()) out += ' ';
        if (const auto run = text_run(input); run > 0) {
            out += quote(input.substr(0, run));
            input.remove_prefix(run);
        } else {
            out += hex(input.substr(0, 1));
            input.remove_prefix(1);
        }
    }
    return out;
}

}  // namespace framewire
