#include "input.hpp"

#include "cli/command_page.hpp"
#include "cli/protocols.hpp"
#include "framewire/codec/framing_table.hpp"
#include "framewire/core/escapes.hpp"
#include "framewire/core/quote.hpp"
#include "framewire/transcript/conversations.hpp"
#include "walkthrough/encode_all.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <algorithm>
#include <utility>

namespace framewire {
namespace {

using kind = transcript_line::kind;
using transcript_lines = std::vector<transcript_line>;

bool is_file(const std::string& word) {
    struct stat found {};
    return word == "-" || (::stat(word.c_str(), &found) == 0 && !S_ISDIR(found.st_mode));
}

// Comments before a transcript describe it. Comments within it may be from a pasted walkthrough,
// and are generated again.
transcript_lines without_explanation(transcript_lines lines) {
    std::size_t heading = 0;
    while (heading < lines.size() && lines[heading].what == kind::comment &&
           lines[heading].number == heading + 1) {
        ++heading;
    }
    const auto rest = lines.begin() + static_cast<std::ptrdiff_t>(heading);
    lines.erase(
        std::remove_if(rest, lines.end(),
                       [](const transcript_line& one) { return one.what == kind::comment; }),
        lines.end());
    return lines;
}

target resolve_or_throw(const target_options& given) {
    auto found = resolve(given, true);
    if (!found) throw usage_error(found.error());
    return *std::move(found);
}

std::optional<std::string> unescaped(bytes text) {
    std::string out;
    while (!text.empty()) {
        if (!take_unescaped(text, out)) return {};
    }
    return out.empty() ? std::nullopt : std::optional(out);
}

// Payloads of the framing's own kind, if it is known by name.
std::vector<std::string> examples_for(const target& wanted) {
    std::string own(wanted.wording->example);
    if (wanted.wording != &unnamed_protocol()) return {own};
    const auto spec = wanted.framing.spec();
    if (const auto* const preset = find_preset(spec)) {
        std::vector<std::string> found;
        for (const auto example : {preset->first_example, preset->example}) {
            if (auto payload = unescaped(example)) found.push_back(*std::move(payload));
        }
        if (!found.empty()) return found;
    }
    for (const auto& row : framing_table()) {
        if (row.example_spec == spec) return {std::string(row.example_payload)};
    }
    return {own};
}

// A first frame of its own is what is mistaken most often.
failure explain_first(failure why, const framing& frames) {
    if (frames.first() != nullptr && why.hint.empty()) {
        why.hint = fmt::format("the first message is of {}", quote(frames.first()->spec()));
    }
    return why;
}

}  // namespace

std::string take_file(std::vector<std::string>& words) {
    const auto found = std::ranges::find_if(words, is_file);
    if (found == words.end()) return {};
    auto file = std::move(*found);
    words.erase(found);
    return file;
}

bool names_framing(const target_options& given) noexcept {
    return given.framing || !given.words.empty();
}

framing framing_for(const target_options& given) {
    auto wanted = resolve_or_throw(given);
    if (!wanted.messages.empty()) {
        throw usage_error(failure{"either messages or captured bytes"});
    }
    return std::move(wanted.framing);
}

result<conversation> frame_messages(const target_options& given) {
    const auto wanted = resolve_or_throw(given);
    auto texts = wanted.messages;
    if (texts.empty()) texts = examples_for(wanted);
    const auto explain = [&](failure why) {
        return explain_first(std::move(why), wanted.framing);
    };
    return encode_all(wanted.framing, texts).map_error(explain).map([&](std::string stream) {
        transcript_lines lines;
        // Without framing, an empty message has no bytes.
        if (!stream.empty()) lines.push_back({.what = kind::from_peer, .text = std::move(stream)});
        lines.push_back({.what = kind::eof});
        return conversation{wanted.framing, held(std::move(lines))};
    });
}

std::optional<written_conversation> transcript_with_gaps(bytes text) {
    auto whole = transcript::parse(text);
    if (!whole || std::ranges::count(whole->lines, kind::gap, &transcript_line::what) == 0) {
        return std::nullopt;
    }
    return written_conversation{whole->framing.spec(),
                                without_explanation(std::move(whole->lines))};
}

std::optional<result<written_conversation>> connection_of(bytes text,
                                                          const std::vector<std::size_t>& wanted) {
    const auto all = conversations::parse(text);
    if (!all) return std::nullopt;
    const auto numbers = all->connections();
    if (numbers.size() < 2) return std::nullopt;
    const auto hint = fmt::format("--stream {} shows the first", numbers.front());
    if (wanted.size() != 1) {
        return tl::unexpected(
            failure{fmt::format("the transcript has {} connections", numbers.size()), hint});
    }
    if (std::ranges::find(numbers, wanted.front()) == numbers.end()) {
        return tl::unexpected(failure{
            fmt::format("there is no connection {} in the transcript", wanted.front()), hint});
    }
    auto one = all->connection(wanted.front());
    return written_conversation{one.framing.spec(), without_explanation(std::move(one.lines))};
}

// A whole transcript also has the times, and how the ends ended.
written_conversation written_in(bytes text, dump found) {
    if (auto whole = transcript::parse(text)) {
        return {whole->framing.spec(), without_explanation(std::move(whole->lines))};
    }
    written_conversation all{std::move(found.framing), {}};
    for (auto& words : found.remarks) {
        all.lines.push_back({.what = kind::comment, .text = std::move(words)});
    }
    for (auto& one : found.pieces) {
        const bool is_client = one.from == stream_side::client;
        all.lines.push_back({.what = is_client ? kind::from_peer : kind::to_peer,
                             .text = std::move(one.data),
                             .time = one.time});
    }
    if (found.cut) {
        all.lines.push_back({.what = kind::comment, .text = "the text was cut off here"});
    }
    return all;
}

}  // namespace framewire
