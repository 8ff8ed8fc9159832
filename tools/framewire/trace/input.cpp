#include "input.hpp"

#include "capture/capture_file.hpp"
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

struct kept_stream {
    captured_stream about;
    std::vector<kept_piece> pieces;
};

std::string summary(const captured_stream& one) {
    return fmt::format("--stream {} ({} to {}, {} bytes)", one.number, one.client.address,
                       one.server.address, one.client.bytes + one.server.bytes);
}

// Its number.
result<std::size_t> choose(const capture& all, std::optional<std::uint64_t> wanted) {
    const auto& streams = all.streams;
    if (streams.empty()) {
        const auto why = all.remarks.empty() ? std::string() : ": " + all.remarks.front();
        return tl::unexpected(failure{"there is no TCP stream in the capture" + why});
    }
    if (wanted && *wanted < streams.size()) return *wanted;
    if (!wanted && streams.size() == 1) return 0;
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

// A day of traffic that is loaded by mistake.
constexpr std::uint64_t kept_bytes_max = 64 * MiB;

result<std::vector<kept_piece>> read_pieces(const capture_file& file, std::size_t number) {
    std::vector<kept_piece> pieces;
    std::uint64_t kept = 0;
    const auto read = file.read({.streams = {{number}}}, [&](const auto&, const auto& piece) {
        kept += piece.data.size() + sizeof(kept_piece);
        if (kept > kept_bytes_max) return;
        pieces.push_back({piece.from, piece.what, std::string(piece.data), piece.missing,
                          piece.time, piece.packet});
    });
    if (!read) return tl::unexpected(read.error());
    if (kept <= kept_bytes_max) return pieces;
    return tl::unexpected(
        failure{fmt::format("keeping stream {} would take more than {}", number,
                            format_size(kept_bytes_max)),
                "write its beginning to a smaller file first: editcap -r FILE SMALLER 1-10000"});
}

// The client is the peer: a server had to decode what it sent.
transcript_lines lines_of(const std::vector<std::string>& remarks, const kept_stream& stream) {
    constexpr std::chrono::milliseconds noticeable{100};
    transcript_lines lines;
    const auto remark = [&](std::string words) {
        lines.push_back({.what = kind::comment, .text = std::move(words)});
    };
    remark(fmt::format("{} to {}", stream.about.client.address, stream.about.server.address));
    for (const auto& one : remarks) remark(one);
    auto last = stream.about.start;
    std::array<bool, 2> ended{};
    for (const auto& piece : stream.pieces) {
        auto& over = ended.at(static_cast<std::size_t>(piece.from));
        if (over) continue;
        const auto pause =
            std::chrono::duration_cast<std::chrono::milliseconds>(piece.time - last);
        // Not a `@` line: our deadlines do not apply to a foreign connection.
        if (pause >= noticeable) remark(fmt::format("{} later", format_duration(pause)));
        last = piece.time;
        const bool is_client = piece.from == stream_side::client;
        if (piece.what == captured_piece::kind::gap) {
            over = true;
            remark(fmt::format("{} bytes of the {} are missing; what follows is left out",
                               piece.missing, side_name(piece.from)));
        } else if (piece.what == captured_piece::kind::data) {
            lines.push_back({.what = is_client ? kind::from_peer : kind::to_peer,
                             .text = piece.data,
                             .time = piece.time});
        } else if (!is_client) {
            remark(piece.what == captured_piece::kind::fin ? "the server ends its stream"
                                                           : "the server resets the connection");
            lines.back().time = piece.time;
        } else {
            lines.push_back(
                {.what = piece.what == captured_piece::kind::fin ? kind::eof : kind::reset,
                 .time = piece.time});
        }
    }
    return lines;
}

std::optional<transcript_line> end_of_server(const std::vector<kept_piece>& pieces) {
    const auto end = std::ranges::find_if(pieces, [](const kept_piece& piece) {
        return piece.from == stream_side::server && piece.what != captured_piece::kind::data;
    });
    if (end == pieces.end() || end->what == captured_piece::kind::gap) return std::nullopt;
    return transcript_line{
        .what = end->what == captured_piece::kind::fin ? kind::eof : kind::reset,
        .time = end->time};
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
            const bool is_client = one.from == stream_side::client;
            all.lines.push_back({.what = is_client ? kind::from_peer : kind::to_peer,
                                 .text = std::move(one.data),
                                 .time = one.time});
        }
        if (found.cut) {
            all.lines.push_back({.what = kind::comment, .text = "the text was cut off here"});
        }
        return all;
    });
}

result<captured> read_stream(const capture_file& file, const trace_input& from) {
    const auto all = file.read({}, {});
    if (!all) return tl::unexpected(all.error());
    const auto number = choose(*all, from.stream);
    if (!number) return tl::unexpected(number.error());
    auto pieces = read_pieces(file, *number);
    if (!pieces) return tl::unexpected(pieces.error());
    kept_stream one{all->streams[*number], *std::move(pieces)};
    auto remarks = all->remarks;
    remarks.insert(remarks.end(), one.about.remarks.begin(), one.about.remarks.end());
    if (!from.keylog.empty()) {
        if (auto read = decrypt(one.about, one.pieces, from.file, from.keylog); !read) {
            return tl::unexpected(read.error());
        }
        remarks.emplace_back("decrypted by tshark, which loses the times");
    }
    auto lines = lines_of(remarks, one);
    if (!from.keylog.empty()) {
        for (auto& line : lines) line.time.reset();
    }
    return captured{std::nullopt,
                    std::move(lines),
                    one.about.client.address,
                    one.about.server.address,
                    end_of_server(one.pieces),
                    std::move(remarks)};
}

result<captured> read_captured(const trace_input& from) {
    const auto file = capture_file::open(from.file);
    if (!file) return tl::unexpected(file.error());
    if (file->is_capture()) return read_stream(*file, from);
    if (from.stream) return tl::unexpected(failure{"--stream is for captures: pcap, pcapng"});
    if (!from.keylog.empty()) {
        return tl::unexpected(failure{"--keylog is for captures: pcap, pcapng"});
    }
    return file->content(file_bytes_max).and_then([](const std::string& content) {
        return read_hex_file(content);
    });
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
