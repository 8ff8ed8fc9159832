#include "options.hpp"

#include "cli/options.hpp"
#include "framewire/core/escapes.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <string_view>

namespace framewire {
namespace {

tl::unexpected<failure> refuse(std::string_view text, std::string expected) {
    return tl::unexpected(failure{fmt::format("'{}'", text), std::move(expected)});
}

void add_dump_options(command_page& page, trace_options& into) {
    page.group("How a file is read");
    page.text("-x,--hex", into.file, "PATH", "read this file; -: stdin").seldom();
    page.flag("--bytes", into.dump.binary, "take the file's bytes as they are, not as a text")
        .seldom();
    page.flag("--base64", into.dump.base64, "read a text in base64").seldom();
    page.value("--words", "ORDER", "read words of a dump as little (lowest byte first) or big",
               [&into](const std::string& text) -> result<void> {
                   if (text != "little" && text != "big") return refuse(text, "little or big");
                   into.dump.little_words = text == "little";
                   return {};
               })
        .seldom();
    page.value("--skip", "N", "take N bytes off the start of each packet of a dump",
               [&into](const std::string& text) -> result<void> {
                   const auto size = parse_number(text);
                   if (!size) return tl::unexpected(size.error());
                   into.dump.skip = static_cast<std::size_t>(*size);
                   return {};
               })
        .seldom();
    page.text("--keylog", into.keylog, "PATH",
              "read a TLS stream of the capture with the secrets in this file, through tshark")
        .seldom();
}

void add_stream_options(command_page& page, trace_options& into) {
    page.group("What is shown of a file");
    add_stream_option(page, into.streams, into.names_streams,
                      "show TCP streams of a capture: 3, 1,4 or all");
    page.text("--host", into.streams.host, "HOST", "show streams with this address at one end")
        .seldom();
    page.flag("--failed", into.only_failed, "show streams in which a frame is wrong or incomplete")
        .seldom();
    page.value("--side", "SIDE", "show what this side sent: client, server or both",
               [&into](const std::string& text) -> result<void> {
                   if (text == "client") {
                       into.side = stream_side::client;
                   } else if (text == "server") {
                       into.side = stream_side::server;
                   } else if (text != "both") {
                       return refuse(text, "client, server or both");
                   }
                   return {};
               });
    page.flag("--swap", into.swaps, "take the client for the server, and the reverse").seldom();
    page.value("--from", "OFFSET",
               "take OFFSET bytes of the client off; server:OFFSET: of the server",
               [&into](const std::string& text) -> result<void> {
                   std::string_view rest = text;
                   auto side = stream_side::client;
                   for (const auto one : {stream_side::client, stream_side::server}) {
                       const auto prefix = fmt::format("{}:", side_name(one));
                       if (!rest.starts_with(prefix)) continue;
                       side = one;
                       rest.remove_prefix(prefix.size());
                   }
                   const auto offset = parse_size(rest);
                   if (!offset) return tl::unexpected(offset.error());
                   into.plan.from.at(static_cast<std::size_t>(side)) = *offset;
                   return {};
               })
        .seldom();
    page.value("--resync", "WHEN",
               "find the next frame after gaps, after errors, too, or never (default gaps)",
               [&into](const std::string& text) -> result<void> {
                   if (text == "never") {
                       into.plan.when = resync::never;
                   } else if (text == "errors") {
                       into.plan.when = resync::errors;
                   } else if (text != "gaps") {
                       return refuse(text, "never, gaps or errors");
                   }
                   return {};
               })
        .seldom();
}

void add_frame_options(command_page& page, trace_options& into) {
    page.value("--frames", "A..B", "show these frames of each side, counted from 1",
               [&into](const std::string& text) -> result<void> {
                   const auto range = parse_frame_range(text);
                   if (!range) return tl::unexpected(range.error());
                   into.frames.numbers = *range;
                   return {};
               });
    page.value("--around", "WHAT", "show the frames around the first that failed: failed",
               [&into](const std::string& text) -> result<void> {
                   if (text != "failed") return refuse(text, "failed");
                   into.frames.around_failed = true;
                   return {};
               })
        .seldom();
    page.value("--grep", "BYTES", "show frames that contain this; \\xNN is a byte",
               [&into](const std::string& text) -> result<void> {
                   std::string found;
                   for (bytes rest = text; !rest.empty();) {
                       if (!take_unescaped(rest, found)) return refuse(text, R"(\xNN, \n or \\)");
                   }
                   if (found.empty()) return refuse(text, "at least one byte");
                   into.frames.content = std::move(found);
                   return {};
               });
}

void add_chunk_options(command_page& page, trace_options& into) {
    auto chunk =
        page.size("-c,--chunk", into.cuts.chunk, "read SIZE bytes at a time; 0: all at once")
            .shown_default("");
    page.sizes("--chunks", into.cuts.chunks, "read these numbers of bytes, such as 4,1,30")
        .excludes(chunk)
        .seldom();
    page.sizes("--split-at", into.cuts.splits, "end reads before these bytes, such as 3,5")
        .seldom();
}

}  // namespace

void add_trace_options(command_page& page, trace_options& into) {
    add_target_options(page, into.target, true);
    into.target.has_address = false;
    add_chunk_options(page, into);
    add_dump_options(page, into);
    add_stream_options(page, into);
    add_frame_options(page, into);
    page.group("Output");
    page.flag("-b,--brief", into.brief, "print the transcript without its explanation");
    page.flag("--time", into.times, "print before each line when and in which packet it came")
        .seldom();
    add_page_options(page, into.page);
    add_event_options(page, into.events);
    add_wireshark_options(page, into.wireshark);
    add_tls_options(page, into.page.tls, tls_end::server);
}

}  // namespace framewire
