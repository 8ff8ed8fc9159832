#include "trace.hpp"

#include "cli/event_options.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "input.hpp"
#include "json.hpp"
#include "page/options.hpp"
#include "text.hpp"
#include "walkthrough/chunking.hpp"
#include "wireshark/wireshark.hpp"

#include <memory>
#include <utility>

namespace framewire {
namespace {

struct trace_options {
    trace_input input;
    chunking cuts;
    bool brief = false;
    event_options events;
    wireshark_options wireshark;
    page_options page;
};

int run_trace(trace_options options, std::vector<std::string> messages) {
    options.events.check(options.brief, "--brief");
    if (options.page.tls.given() && !options.page.port) {
        throw usage_error({"the options of TLS are for --serve", ""});
    }
    options.input.target.messages = std::move(messages);
    options.page.words = options.input.target.words;
    options.page.captured = !options.input.file.empty();
    const auto read = read_conversation(std::move(options.input));
    if (!read) {
        report("trace", read.error(), options.events);
        return status_failed;
    }
    if (options.page.wanted()) return run_page(options.page, read->text, options.cuts);
    if (options.events.json) {
        print_events(*read, options.cuts);
    } else {
        print_walkthrough(read->text, options.cuts,
                          {.brief = options.brief, .timestamps = options.events.timestamps});
    }
    return status_done;
}

}  // namespace

command add_trace(command_page& page) {
    const auto options = std::make_shared<trace_options>();
    add_target_options(page, options->input.target, true);
    options->input.target.has_address = false;
    page.text("-x,--hex", options->input.file, "PATH",
              "read a hex dump, transcript or pcap file; -: stdin");
    page.value("--stream", "N", "show TCP stream N of the capture",
               [options](const std::string& text) -> result<void> {
                   const auto number = parse_number(text);
                   if (!number) return tl::unexpected(number.error());
                   options->input.stream = *number;
                   return {};
               });
    page.text("--keylog", options->input.keylog, "PATH",
              "read a TLS stream of the capture with the secrets in this file, through tshark")
        .seldom();
    page.group("How the stream is cut into reads");
    auto chunk =
        page.size("-c,--chunk", options->cuts.chunk, "read SIZE bytes at a time; 0: all at once")
            .shown_default("");
    page.sizes("--chunks", options->cuts.chunks, "read these numbers of bytes, such as 4,1,30")
        .excludes(chunk)
        .seldom();
    page.sizes("--split-at", options->cuts.splits, "end reads before these bytes, such as 3,5");
    page.group("Output");
    page.flag("-b,--brief", options->brief, "print the transcript without its explanation");
    add_page_options(page, options->page);
    add_event_options(page, options->events);
    add_wireshark_options(page, options->wireshark);
    add_tls_options(page, options->page.tls, tls_end::server);
    page.notes(
        "Without messages and --hex, the example of the protocol or framing is shown.\n\n"
        "--hex reads hex dumps (xxd, hexdump -C), quoted strings, Python byte literals, "
        "transcripts as this command prints them, and captures. TCP streams of a capture are "
        "reassembled.\n\n"
        "--keylog takes what SSLKEYLOGFILE names, or 'serve --tls-keylog' has written.");
    page.describe("trace [PROTOCOL|FRAMING] [--hex PATH | MESSAGE...] [OPTIONS]",
                  "  framewire trace walkthrough --chunk 15 'This is a longer message'\n"
                  "  framewire trace u32be --hex dump.txt\n"
                  "  framewire trace --wireshark u32be --port 7000 > framewire.lua");
    return [&page, options](std::vector<std::string> messages) {
        if (options->wireshark.given()) {
            return print_dissector(page, options->wireshark, messages);
        }
        return run_trace(*options, std::move(messages));
    };
}

}  // namespace framewire
