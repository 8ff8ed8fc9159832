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
    options.input.target.messages = std::move(messages);
    options.page.words = options.input.target.words;
    const auto read = read_conversation(std::move(options.input));
    if (!read) {
        if (options.events.json) print_failed(read.error());
        report("trace", read.error());
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
    auto chunk = page.size("-c,--chunk", options->cuts.chunk, "bytes per read; 0: all at once");
    page.sizes("--chunks", options->cuts.chunks, "bytes of each read: 4,1,30").excludes(chunk);
    page.sizes("--split-at", options->cuts.splits, "reads end before these bytes");
    page.text("-x,--hex", options->input.file, "PATH",
              "bytes from a hex dump, transcript or pcap");
    page.value("--stream", "N", "which TCP stream of a capture",
               [options](const std::string& text) -> result<void> {
                   const auto number = parse_number(text);
                   if (!number) return tl::unexpected(number.error());
                   options->input.stream = *number;
                   return {};
               });
    page.flag("-b,--brief", options->brief, "the transcript without its explanation");
    add_event_options(page, options->events);
    add_wireshark_options(page, options->wireshark);
    add_page_options(page, options->page);
    page.describe(
        "trace [PROTOCOL] [--framing SPEC] [--chunk SIZE] [MESSAGE...]\n"
        "       framewire trace [PROTOCOL] [--framing SPEC] --hex PATH [--stream N]",
        "  framewire trace walkthrough --chunk 15 \"This is a longer message\"\n"
        "  framewire trace --framing fixed:4 --split-at 3,5 abcd efgh\n"
        "  framewire trace --framing u32be --hex dump.txt\n"
        "  framewire trace --wireshark u32be --port 7000 > framewire.lua");
    return [&page, options](std::vector<std::string> messages) {
        if (options->wireshark.given()) {
            return print_dissector(page, options->wireshark, messages);
        }
        return run_trace(*options, std::move(messages));
    };
}

}  // namespace framewire
