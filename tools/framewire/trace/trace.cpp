#include "trace.hpp"

#include "cli/print.hpp"
#include "input.hpp"
#include "options.hpp"
#include "show.hpp"

#include <memory>
#include <utility>

namespace framewire {
namespace {

// Enough for a text that a person pastes.
constexpr std::size_t text_bytes_max = 64 * MiB;

int refused(const failure& why, const trace_options& options) {
    report("trace", why, options.events);
    return status_failed;
}

int show_written(written_conversation written, trace_options options) {
    if (!names_framing(options.target)) options.target.framing = std::move(written.framing);
    const bool is_known = names_framing(options.target);
    conversation shown{is_known ? framing_for(options.target) : *framing::parse("raw"),
                       held(std::move(written.lines))};
    shown.is_captured = true;
    return is_known ? show(std::move(shown), options) : show_guesses(shown, options);
}

int show_text(const std::string& content, const trace_options& options, const std::string& name) {
    if (!options.dump.binary && !options.dump.base64) {
        if (auto one = connection_of(content, options.streams.numbers)) {
            if (!*one) return refused(one->error(), options);
            return show_written(**std::move(one), options);
        }
        if (auto written = transcript_with_gaps(content)) {
            return show_written(*std::move(written), options);
        }
    }
    auto found = read_dump(content, options.dump);
    if (!found) return refused(found.error(), options);
    if (found->has_packets) return show_capture(capture_of(*found, name), options);
    if (options.names_streams) {
        return refused({"--stream is for captures: pcap, pcapng"}, options);
    }
    if (!options.keylog.empty()) {
        return refused({"--keylog is for captures: pcap, pcapng"}, options);
    }
    return show_written(written_in(content, *std::move(found)), options);
}

int show_file(const trace_options& options) {
    if (!options.keylog.empty() && options.file == "-") {
        throw usage_error(failure{"--keylog needs a capture with a name, not standard input"});
    }
    auto file = capture_file::open(options.file);
    if (!file) return refused(file.error(), options);
    if (file->is_capture() && !options.dump.binary) {
        return show_capture(*std::move(file), options);
    }
    const auto content = file->content(text_bytes_max);
    if (!content) return refused(content.error(), options);
    return show_text(*content, options, file->name());
}

int run_trace(trace_options options, std::vector<std::string> messages) {
    options.events.check(options.brief, "--brief");
    if (options.page.tls.given() && !options.page.port) {
        throw usage_error({"the options of TLS are for --serve", ""});
    }
    if (options.file.empty()) options.file = take_file(options.target.words);
    options.streams.port = options.wireshark.port;
    options.target.messages = std::move(messages);
    options.page.words = options.target.words;
    options.page.captured = !options.file.empty();
    if (!options.file.empty()) return show_file(options);
    if (options.names_streams)
        throw usage_error(failure{"--stream is for captures", "trace FILE"});
    if (!options.keylog.empty()) {
        throw usage_error(failure{"--keylog is for captures", "trace FILE"});
    }
    auto shown = frame_messages(options.target);
    if (!shown) return refused(shown.error(), options);
    return show(*std::move(shown), options);
}

}  // namespace

command add_trace(command_page& page) {
    const auto options = std::make_shared<trace_options>();
    add_trace_options(page, *options);
    page.notes(
        "Without messages and a file, the example of the protocol or framing is shown.\n\n"
        "A file is a capture (pcap, pcapng), a transcript as this command prints it, or bytes as "
        "people paste them: dumps of xxd, hexdump, od, tcpdump and Wireshark, strings and arrays "
        "of many languages. A word that names a file is the file; messages after -- never are.\n\n"
        "Of a file, both sides are shown. The exit status is 1 if a frame of either is wrong or "
        "incomplete. A capture with several streams is shown as a table. Without a framing, those "
        "that fit the bytes are listed.\n\n"
        "--keylog takes what SSLKEYLOGFILE names, or 'serve --tls-keylog' has written.");
    page.describe("trace [PROTOCOL|FRAMING] [FILE | MESSAGE...] [OPTIONS]",
                  "  framewire trace walkthrough --chunk 15 'This is a longer message'\n"
                  "  framewire trace u32be dump.txt\n"
                  "  framewire trace --wireshark u32be --port 7000 > framewire.lua");
    return [&page, options](std::vector<std::string> messages) {
        if (options->wireshark.given()) {
            return print_dissector(page, options->wireshark, messages);
        }
        return run_trace(*options, std::move(messages));
    };
}

}  // namespace framewire
