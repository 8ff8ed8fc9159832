#include "commands.hpp"
#include "framewire/transcript/transcript.hpp"
#include "options.hpp"
#include "print.hpp"
#include "terminal.hpp"
#include "walk_text.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <memory>

namespace framewire {
namespace {

using kind = transcript_line::kind;

struct trace_options {
    target_options target;
    std::uint64_t chunk = 0;
    std::vector<std::uint64_t> chunks;
    std::vector<std::uint64_t> splits;
    std::string hex;
    bool brief = false;
};

result<std::string> encode_all(const framing& frames, const std::vector<std::string>& messages) {
    std::string stream;
    for (const auto& message : messages) {
        if (const auto done = frames.encode(message, stream); !done) {
            return tl::unexpected(failure{fmt::format("{}: {}", error_name(done.error()),
                                                      make_error_code(done.error()).message())});
        }
    }
    return stream;
}

// Where the chunks of so many bytes end.
std::vector<std::uint64_t> borders(const trace_options& options, std::uint64_t size) {
    std::vector<std::uint64_t> ends = options.splits;
    std::uint64_t end = 0;
    for (const auto one : options.chunks) ends.push_back(end += one);
    if (options.chunk > 0) {
        for (end = options.chunk; end < size; end += options.chunk) ends.push_back(end);
    }
    ends.push_back(size);
    std::ranges::sort(ends);
    std::erase_if(ends, [&](std::uint64_t one) { return one == 0 || one > size; });
    ends.erase(std::ranges::unique(ends).begin(), ends.end());
    return ends;
}

std::string list(const std::vector<std::uint64_t>& ends) {
    constexpr std::size_t listed_max = 8;
    std::string sizes;
    std::uint64_t begin = 0;
    for (std::size_t at = 0; at < ends.size(); ++at) {
        if (at == listed_max) return sizes + ", ...";
        const bool is_final = at > 0 && at + 1 == ends.size();
        sizes += at == 0 ? "" : is_final ? " and " : ", ";
        sizes += fmt::format("{}", ends[at] - begin);
        begin = ends[at];
    }
    return sizes;
}

std::string counted(std::uint64_t number, std::string_view thing) {
    return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s");
}

std::string stream_of(const std::vector<transcript_line>& lines) {
    std::string stream;
    for (const auto& line : lines) {
        if (line.what == kind::from_peer) stream += line.text;
    }
    return stream;
}

// Cuts what comes from the peer where the options want it cut, too.
std::vector<transcript_line> cut(const std::vector<transcript_line>& lines,
                                 const std::vector<std::uint64_t>& ends) {
    std::vector<transcript_line> cut_lines;
    std::uint64_t offset = 0;
    for (const auto& line : lines) {
        if (line.what != kind::from_peer) {
            cut_lines.push_back(line);
            continue;
        }
        bytes rest = line.text;
        while (!rest.empty()) {
            const auto end = *std::ranges::upper_bound(ends, offset);
            const auto part = rest.substr(0, end - offset);
            cut_lines.push_back({.what = kind::from_peer, .text = std::string(part)});
            rest.remove_prefix(part.size());
            offset += part.size();
        }
    }
    return cut_lines;
}

std::string introduce(const framing& frames, const std::vector<transcript_line>& lines,
                      bool colour) {
    dissector parts(frames, limits{}.assembled_bytes_max);
    std::vector<frame_anatomy> found;
    std::vector<std::uint64_t> ends;
    for (const auto& line : lines) {
        if (line.what != kind::from_peer) continue;
        // A frame that is still open is told again with the next chunk.
        if (!found.empty() && !found.back().over()) found.pop_back();
        for (auto& frame : parts.receive(line.text)) found.push_back(std::move(frame));
        ends.push_back(line.text.size() + (ends.empty() ? 0 : ends.back()));
    }
    if (ends.empty()) return {};
    const auto stream = stream_of(lines);
    auto text = fmt::format("# {} in {}{}\n#\n", counted(stream.size(), "byte"),
                            counted(ends.size(), "chunk"),
                            ends.size() > 1 ? fmt::format(" of {}", list(ends)) : "");
    return text + print_anatomy(frames, stream, found, ends, parts.failure(), colour);
}

// A real session takes part in the conversation, as a server would.
class guide {
public:
    guide(const framing& frames, std::size_t chunks, bool brief)
        : chunks_(chunks),
          brief_(brief),
          colour_(!brief && terminal_obeys(STDOUT_FILENO)),
          frames_(frames),
          receiver_(frames, limits{}),
          replies_(frames, limits{}.assembled_bytes_max) {}

    std::string tell(const transcript_line& line) {
        switch (line.what) {
        case kind::from_peer: return tell_chunk(line.text);
        case kind::to_peer: return tell_reply(line.text);
        case kind::clock: return receiver_.pass(line.elapsed);
        case kind::eof: return receiver_.receive_eof();
        case kind::reset: return receiver_.receive_reset();
        default: return {};
        }
    }

private:
    std::string tell_chunk(bytes chunk) {
        const auto step = receiver_.receive(chunk);
        if (brief_) return print_transcript(step);
        const auto title = fmt::format("chunk {} of {}", ++told_, chunks_);
        return "#\n" + print_step(step, title, colour_);
    }
    std::string tell_reply(bytes reply) {
        const auto line = transcript_printer(time_point{}).to_peer(reply, time_point{});
        if (brief_) return line;
        const auto offset = replies_.offset();
        const auto frames = replies_.receive(reply);
        return fmt::format("#\n# reply: {}\n", size_and_range(offset, reply.size())) +
               print_ruler(reply, offset, frames, {}, replies_.failure(), colour_) + line;
    }

    std::size_t chunks_;
    std::size_t told_ = 0;
    bool brief_;
    bool colour_;
    framing frames_;
    walk receiver_;
    dissector replies_;
};

void walk_through(const transcript& conversation, const trace_options& options) {
    const auto size = stream_of(conversation.lines).size();
    const auto lines = cut(conversation.lines, borders(options, size));
    const bool colour = !options.brief && terminal_obeys(STDOUT_FILENO);
    print(transcript_printer(time_point{}).begin(conversation.framing));
    if (!options.brief) print(introduce(conversation.framing, lines, colour));
    const auto chunks = std::ranges::count(lines, kind::from_peer, &transcript_line::what);
    guide each(conversation.framing, static_cast<std::size_t>(chunks), options.brief);
    for (const auto& line : lines) print(each.tell(line));
}

result<transcript> written_by(const target& wanted) {
    auto texts = wanted.messages;
    if (texts.empty()) texts.emplace_back(wanted.wording->example);
    return encode_all(wanted.framing, texts).map([&](std::string stream) {
        return transcript{wanted.framing,
                          {{.what = kind::from_peer, .text = std::move(stream)},
                           {.what = kind::eof}}};
    });
}

int run_trace(trace_options options, std::vector<std::string> messages) {
    options.target.messages = std::move(messages);
    const auto found = resolve(options.target, true);
    if (!found) throw usage_error(found.error());
    const auto conversation = written_by(*found);
    if (!conversation) {
        report("trace", conversation.error());
        return status_failed;
    }
    walk_through(*conversation, options);
    return status_done;
}

}  // namespace

command add_trace(CLI::App& app) {
    auto* page = app.add_subcommand("trace", "show how messages become bytes and frames again");
    const auto options = std::make_shared<trace_options>();
    add_target_options(*page, options->target, true);
    auto* chunk = add_size(*page, "-c,--chunk", options->chunk, "bytes per read; 0: all at once");
    page->add_option("--chunks", options->chunks, "bytes of each read: 4,1,30")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("SIZES")
        ->excludes(chunk);
    page->add_option("--split-at", options->splits, "reads end in front of these bytes")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("OFFSETS");
    page->add_flag("-b,--brief", options->brief, "the transcript without its explanation");
    describe(*page, "trace [PROTOCOL] [--framing SPEC] [--chunk SIZE] [MESSAGE...]",
             "  framewire trace walkthrough --chunk 15 \"This is a longer message\"\n"
             "  framewire trace --framing fixed:4 --split-at 3,5 abcd efgh");
    return [options](std::vector<std::string> messages) {
        return run_trace(*options, std::move(messages));
    };
}

}  // namespace framewire
