#include "commands.hpp"
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

struct trace_options {
    target_options target;
    std::uint64_t chunk = 0;
    std::vector<std::uint64_t> chunks;
    std::vector<std::uint64_t> splits;
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

std::string introduce(const framing& frames, bytes stream, const std::vector<std::uint64_t>& ends,
                      bool colour) {
    dissector parts(frames, limits{}.assembled_bytes_max);
    std::vector<frame_anatomy> found;
    std::uint64_t begin = 0;
    for (const auto end : ends) {
        // A frame that is still open is told again with the next chunk.
        if (!found.empty() && !found.back().over()) found.pop_back();
        for (auto& frame : parts.receive(stream.substr(begin, end - begin))) {
            found.push_back(std::move(frame));
        }
        begin = end;
    }
    auto text = fmt::format("# {} in {}{}\n#\n", counted(stream.size(), "byte"),
                            counted(ends.size(), "chunk"),
                            ends.size() > 1 ? fmt::format(" of {}", list(ends)) : "");
    return text + print_anatomy(frames, stream, found, ends, parts.failure(), colour);
}

// A real session receives the stream in chunks, as a server would.
void walk_through(const framing& frames, bytes stream, const std::vector<std::uint64_t>& ends,
                  bool brief) {
    const bool colour = !brief && terminal_obeys(STDOUT_FILENO);
    print(transcript_printer(time_point{}).begin(frames));
    if (!brief && !ends.empty()) print(introduce(frames, stream, ends, colour));
    walk receiver(frames, limits{});
    std::uint64_t begin = 0;
    for (std::size_t at = 0; at < ends.size(); ++at) {
        const auto step = receiver.receive(stream.substr(begin, ends[at] - begin));
        begin = ends[at];
        print(brief ? print_transcript(step)
                    : "#\n" + print_step(step, fmt::format("chunk {} of {}", at + 1, ends.size()),
                                         colour));
    }
    print(receiver.receive_eof());
}

int run_trace(trace_options options, std::vector<std::string> messages) {
    options.target.messages = std::move(messages);
    const auto found = resolve(options.target, true);
    if (!found) throw usage_error(found.error());
    auto texts = found->messages;
    if (texts.empty()) texts.emplace_back(found->wording->example);
    const auto stream = encode_all(found->framing, texts);
    if (!stream) {
        report("trace", stream.error());
        return status_failed;
    }
    walk_through(found->framing, *stream, borders(options, stream->size()), options.brief);
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
