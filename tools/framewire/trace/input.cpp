#include "input.hpp"

#include "capture/read_capture.hpp"
#include "cli/file.hpp"
#include "cli/protocols.hpp"
#include "decryption.hpp"
#include "dump/dump.hpp"
#include "framewire/codec/framing_table.hpp"
#include "framewire/core/escapes.hpp"
#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"
#include "walkthrough/encode_all.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <optional>

namespace framewire {
namespace {

using kind = transcript_line::kind;
using transcript_lines = std::vector<transcript_line>;

// Enough for a capture that a person wants to see.
constexpr std::size_t file_bytes_max = 256 * MiB;

// The magic numbers of pcap, of both byte orders and resolutions, and of pcapng.
bool is_capture(bytes content) {
    constexpr std::array<bytes, 7> magic{
        "\xA1\xB2\xC3\xD4", "\xD4\xC3\xB2\xA1", "\xA1\xB2\x3C\x4D", "\x4D\x3C\xB2\xA1",
        "\xA1\xB2\xCD\x34", "\x34\xCD\xB2\xA1", "\x0A\x0D\x0D\x0A"};
    return std::ranges::find(magic, content.substr(0, 4)) != magic.end();
}

std::string summary(const captured_stream& one) {
    std::size_t size = 0;
    for (const auto& piece : one.pieces) size += piece.bytes.size();
    return fmt::format("--stream {} ({} to {}, {} bytes)", one.number, one.client, one.server,
                       size);
}

result<const captured_stream*> choose(const capture& all, std::optional<std::uint64_t> wanted) {
    const auto& streams = all.streams;
    if (streams.empty()) {
        const auto why = all.remarks.empty() ? std::string() : ": " + all.remarks.front();
        return tl::unexpected(failure{"there is no TCP stream in the capture" + why});
    }
    if (wanted && *wanted < streams.size()) return &streams[*wanted];
    if (!wanted && streams.size() == 1) return streams.data();
    constexpr std::size_t named_max = 8;
    std::string names;
    for (const auto& one : streams) {
        if (one.number == named_max) break;
        names += (names.empty() ? "" : ", ") + summary(one);
    }
    return tl::unexpected(
        failure{wanted ? fmt::format("there is no stream {} in the capture", *wanted)
                       : fmt::format("which of the {} streams of the capture?", streams.size()),
                names});
}

// The client is the peer: a server had to decode what it sent.
transcript_lines lines_of(const capture& all, const captured_stream& stream) {
    constexpr std::chrono::milliseconds noticeable{100};
    transcript_lines lines;
    const auto remark = [&](std::string words) {
        lines.push_back({.what = kind::comment, .text = std::move(words)});
    };
    remark(fmt::format("{} to {}", stream.client, stream.server));
    for (const auto& one : all.remarks) remark(one);
    for (const auto& one : stream.remarks) remark(one);
    std::chrono::nanoseconds last{0};
    for (const auto& piece : stream.pieces) {
        const auto time = stream.start + piece.time;
        const auto pause =
            std::chrono::duration_cast<std::chrono::milliseconds>(piece.time - last);
        // Not a `@` line: our deadlines do not apply to a foreign connection.
        if (pause >= noticeable) remark(fmt::format("{} later", format_duration(pause)));
        last = piece.time;
        const bool is_client = piece.from == stream_side::client;
        if (piece.end == captured_piece::ending::none) {
            lines.push_back({.what = is_client ? kind::from_peer : kind::to_peer,
                             .text = piece.bytes,
                             .time = time});
        } else if (!is_client) {
            remark(piece.end == captured_piece::ending::fin ? "the server ends its stream"
                                                            : "the server resets the connection");
            lines.back().time = time;
        } else {
            lines.push_back(
                {.what = piece.end == captured_piece::ending::fin ? kind::eof : kind::reset,
                 .time = time});
        }
    }
    return lines;
}

std::optional<transcript_line> end_of_server(const captured_stream& stream) {
    const auto end = std::ranges::find_if(stream.pieces, [](const captured_piece& piece) {
        return piece.from == stream_side::server && piece.end != captured_piece::ending::none;
    });
    if (end == stream.pieces.end()) return std::nullopt;
    return transcript_line{
        .what = end->end == captured_piece::ending::fin ? kind::eof : kind::reset,
        .time = stream.start + end->time};
}

struct captured {
    std::optional<std::string> framing;
    transcript_lines lines;
    std::string client{};
    std::string server{};
    std::optional<transcript_line> server_end{};
    std::vector<std::string> remarks{};
};

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

result<captured> read_hex_file(bytes content) {
    return read_dump(content).map([&](dump found) {
        // A whole transcript also has the times, and how the peer ended.
        if (auto whole = transcript::parse(content)) {
            return captured{whole->framing.spec(), without_explanation(std::move(whole->lines))};
        }
        captured all{std::move(found.framing), {}};
        for (auto& one : found.pieces) {
            all.lines.push_back({.what = kind::from_peer, .text = std::move(one.data)});
        }
        if (found.cut) {
            all.lines.push_back({.what = kind::comment, .text = "the text was cut off here"});
        }
        return all;
    });
}

result<captured> read_captured(const trace_input& from) {
    const auto content = read_file(from.file, file_bytes_max);
    if (!content) return tl::unexpected(content.error());
    if (!is_capture(*content)) {
        if (from.stream) return tl::unexpected(failure{"--stream is for captures: pcap, pcapng"});
        if (!from.keylog.empty()) {
            return tl::unexpected(failure{"--keylog is for captures: pcap, pcapng"});
        }
        return read_hex_file(*content);
    }
    const auto all = read_capture(*content, from.file, {.stream = from.stream});
    if (!all) return tl::unexpected(all.error());
    const auto chosen = choose(*all, from.stream);
    if (!chosen) return tl::unexpected(chosen.error());
    auto one = **chosen;
    if (!from.keylog.empty()) {
        if (auto read = decrypt(one, from.file, from.keylog); !read) {
            return tl::unexpected(read.error());
        }
    }
    auto lines = lines_of(*all, one);
    if (!from.keylog.empty()) {
        for (auto& line : lines) line.time.reset();
    }
    auto remarks = all->remarks;
    remarks.insert(remarks.end(), one.remarks.begin(), one.remarks.end());
    auto end = end_of_server(one);
    return captured{std::nullopt, std::move(lines), one.client,
                    one.server,   std::move(end),   std::move(remarks)};
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

result<conversation> frame_messages(const target& wanted) {
    auto texts = wanted.messages;
    if (texts.empty()) texts = examples_for(wanted);
    const auto explain = [&](failure why) {
        return explain_first(std::move(why), wanted.framing);
    };
    return encode_all(wanted.framing, texts).map_error(explain).map([&](std::string stream) {
        transcript text{wanted.framing, {}};
        // Without framing, an empty message has no bytes.
        if (!stream.empty()) {
            text.lines.push_back({.what = kind::from_peer, .text = std::move(stream)});
        }
        text.lines.push_back({.what = kind::eof});
        return conversation{std::move(text)};
    });
}

}  // namespace

result<conversation> read_conversation(trace_input from) {
    auto& words = from.target.words;
    if (from.file.empty() && !words.empty() && words.back() == "-") {
        words.pop_back();
        from.file = "-";
    }
    if (from.file.empty()) {
        if (from.stream) throw usage_error(failure{"--stream is for captures", "--hex FILE"});
        if (!from.keylog.empty()) {
            throw usage_error(failure{"--keylog is for captures", "--hex FILE"});
        }
        return frame_messages(resolve_or_throw(from.target));
    }
    if (!from.keylog.empty() && from.file == "-") {
        throw usage_error(failure{"--keylog needs a capture with a name, not standard input"});
    }
    auto found = read_captured(from);
    if (!found) return tl::unexpected(found.error());
    if (words.empty() && !from.target.framing) from.target.framing = found->framing;
    const auto wanted = resolve_or_throw(from.target);
    if (!wanted.messages.empty()) {
        throw usage_error(failure{"either messages or captured bytes"});
    }
    return conversation{transcript{wanted.framing, std::move(found->lines)},
                        std::move(found->client), std::move(found->server),
                        std::move(found->server_end), std::move(found->remarks)};
}

}  // namespace framewire
