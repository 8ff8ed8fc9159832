#include "framewire/transcript/conversations.hpp"

#include "framewire/core/units.hpp"
#include "parse_line.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

namespace framewire {
namespace {

using kind = transcript_line::kind;

// `connection 2`; nothing for other lines.
std::optional<result<std::uint64_t>> parse_connection(std::string_view line) {
    constexpr std::string_view keyword = "connection ";
    if (!line.starts_with(keyword)) return std::nullopt;
    const auto number = parse_number(trimmed(line.substr(keyword.size())));
    if (!number || *number == 0) {
        return tl::unexpected(failure{"expected the number of a connection, from 1"});
    }
    return *number;
}

class conversations_parser {
public:
    result<conversations> parse(std::string_view text) {
        while (!text.empty()) {
            ++number_;
            const auto end = std::min(text.find('\n'), text.size());
            const auto line = trimmed(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
            if (line.empty()) continue;
            if (const auto taken = take(line); !taken) return refuse(taken.error());
        }
        if (!framing_) return refuse({"expected framing SPEC"});
        return conversations{*std::move(framing_), std::move(lines_)};
    }

private:
    result<void> take(std::string_view line) {
        if (const auto wanted = parse_connection(line)) {
            if (!*wanted) return tl::unexpected(wanted->error());
            if (!framing_) return tl::unexpected(failure{"expected framing SPEC first"});
            connection_ = **wanted;
            return {};
        }
        auto parsed = parse_line(line);
        if (!parsed) return tl::unexpected(parsed.error());
        if (!framing_ && parsed->what == kind::framing) {
            framing_ = *parsed->frames;
            return {};
        }
        if (!framing_ && parsed->what != kind::comment) {
            return tl::unexpected(failure{"expected framing SPEC first"});
        }
        parsed->number = number_;
        parsed->connection = connection_;
        lines_.push_back(*std::move(parsed));
        return {};
    }

    [[nodiscard]] tl::unexpected<failure> refuse(const failure& why) const {
        return tl::unexpected(
            failure{fmt::format("line {}: {}", number_, why.message()), why.hint, why.place});
    }

    std::optional<framing> framing_;
    std::vector<transcript_line> lines_;
    std::size_t number_ = 0;
    std::uint64_t connection_ = 1;
};

}  // namespace

result<conversations> conversations::parse(std::string_view text) {
    return conversations_parser().parse(text);
}

std::vector<std::uint64_t> conversations::connections() const {
    std::vector<std::uint64_t> numbers;
    std::unordered_set<std::uint64_t> known;
    for (const auto& line : lines) {
        if (says_something(line) && known.insert(line.connection).second) {
            numbers.push_back(line.connection);
        }
    }
    return numbers;
}

transcript conversations::connection(std::uint64_t number) const {
    transcript found{framing, {}};
    std::size_t kept = 0;  // without the clock of others after its last line
    bool has_begun = false;
    for (const auto& line : lines) {
        const bool is_own = line.connection == number;
        if (!is_own && (line.what != kind::clock || !has_begun)) continue;
        if (!has_begun && line.what == kind::framing) {
            found.framing = *line.frames;
            continue;
        }
        has_begun = has_begun || line.what != kind::comment;
        found.lines.push_back(line);
        found.lines.back().connection = number;
        if (is_own) kept = found.lines.size();
    }
    found.lines.resize(kept, {.what = kind::comment});
    return found;
}

bool says_something(const transcript_line& line) noexcept {
    return line.what != kind::comment && line.what != kind::clock;
}

std::string print(const transcript_line& line) {
    const auto* const mark = line.way == direction::sent ? ">" : "<";
    switch (line.what) {
        case kind::comment: return "# " + line.text;
        case kind::from_peer: return "< " + print_bytes(line.text);
        case kind::to_peer: return "> " + print_bytes(line.text);
        case kind::event: return (line.way == direction::sent ? "=> " : "= ") + line.text;
        case kind::framing: return "framing " + line.text;
        case kind::clock: return "@ " + format_duration(line.elapsed);
        case kind::eof: return fmt::format("{} eof", mark);
        case kind::reset: return fmt::format("{} reset", mark);
        case kind::gap: return fmt::format("{} gap {}", mark, line.missing);
    }
    return {};
}

std::string print(const conversations& all) {
    auto text = fmt::format("framing {}\n", all.framing.spec());
    std::uint64_t connection = 1;
    for (const auto& line : all.lines) {
        if (line.connection != std::exchange(connection, line.connection)) {
            text += fmt::format("connection {}\n", connection);
        }
        text += print(line) + '\n';
    }
    return text;
}

}  // namespace framewire
