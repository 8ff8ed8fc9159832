#include "commands.hpp"
#include "framewire/session/session.hpp"
#include "framewire/transcript/printer.hpp"
#include "options.hpp"
#include "print.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <memory>

namespace framewire {
namespace {

struct trace_options {
    target_options target;
    std::uint64_t chunk = 0;
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

// A real session receives the stream in chunks, as a server would.
std::string transcribe(const framing& frames, bytes stream, std::size_t chunk) {
    const time_point now{};
    session receiver(frames, limits{}, delivery::whole, now);
    transcript_printer printer(now);
    auto text = printer.begin(frames);
    const auto listen = [&] {
        while (const auto said = receiver.next()) {
            if (said->what == event::kind::frame) text += printer.frame(said->part, said->offset);
            if (said->what == event::kind::skipped) {
                text += printer.skipped(said->part.announced, said->offset);
            }
            if (said->what == event::kind::finished) text += printer.finished();
            if (said->what == event::kind::failed)
                text += printer.failed(*receiver.failure(), now);
        }
    };
    while (!stream.empty()) {
        const auto part = stream.substr(0, chunk == 0 ? stream.size() : chunk);
        stream.remove_prefix(part.size());
        text += printer.from_peer(part, now);
        if (receiver.wants_input()) receiver.receive(part);
        listen();
    }
    if (!receiver.over()) text += printer.peer_ended(now);
    receiver.receive_eof();
    listen();
    return text;
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
    print(transcribe(found->framing, *stream, options.chunk));
    return status_done;
}

}  // namespace

command add_trace(CLI::App& app) {
    auto* page = app.add_subcommand("trace", "show how messages become bytes and frames again");
    const auto options = std::make_shared<trace_options>();
    add_target_options(*page, options->target, true);
    add_size(*page, "-c,--chunk", options->chunk, "bytes per read; 0: all at once");
    describe(*page, "trace [PROTOCOL] [--framing SPEC] [--chunk SIZE] [MESSAGE...]",
             "  framewire trace walkthrough --chunk 15 \"This is a longer message\"\n"
             "  framewire trace --framing fixed:4 abcd efgh");
    return [options](std::vector<std::string> messages) {
        return run_trace(*options, std::move(messages));
    };
}

}  // namespace framewire
