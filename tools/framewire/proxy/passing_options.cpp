#include "passing_options.hpp"

#include "cli/options.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {
namespace {

constexpr const char* notes =
    "Where both sides have the same framing, bytes pass untouched, and as they come. With --to, "
    "each message is framed anew; one that the other framing cannot hold ends the connection, or "
    "with --misfit skip is left out. A message above --max-payload can only pass if its length "
    "need not be known before its end.\n\n"
    "PATTERN is text with escapes, hex:0248 or /REGEX/. In --rewrite, & is what matched, \\1 its "
    "first group. exec:COMMAND runs COMMAND for each message: the message is its input, and its "
    "output takes the place of it, or of the server's reply.\n\n"
    "A fault is one of: drop; delay TIME [+-TIME]; duplicate; reorder [N]; swap replies; corrupt "
    "payload|length; truncate [BYTES]; split byte|header|N,N [TIME]; coalesce [N]; throttle "
    "SIZE/s; limit SIZE; linger TIME; stall [after N]; close or reset [after N] [TIME]. "
    "Conditions may follow: 10%, to=client, to=server, "
    "when=TEXT, when=hex:0248, when=/REGEX/, nth=N, every=N. With the same --seed the same "
    "messages are struck.\n\n"
    "--tls-cert and --tls-key are for the side of the clients, --tls and --tls-ca for that of the "
    "server.";

result<void> read_misfit(const std::string& text, misfit& into) {
    if (text != "close" && text != "skip") {
        return tl::unexpected(failure{fmt::format("'{}' is neither close nor skip", text)});
    }
    into = text == "skip" ? misfit::skip : misfit::close;
    return {};
}

command_page::reader address_reader(std::optional<address>& into) {
    return [&into](const std::string& text) -> result<void> {
        auto where = address::parse(text);
        if (!where) return tl::unexpected(where.error());
        into = *std::move(where);
        return {};
    };
}

void add_rules(command_page& page, passing_options& into) {
    page.group("Rules");
    page.values("--when", "PATTERN", "do not pass requests that contain PATTERN, but answer them",
                [&into](const std::string& text) -> result<void> {
                    auto parsed = pattern::parse(text);
                    if (!parsed) return tl::unexpected(parsed.error());
                    into.requests.push_back(*std::move(parsed));
                    return {};
                })
        .seldom();
    page.values("--reply", "TEXT",
                "answer those of the --when at the same place with TEXT, or with what "
                "exec:COMMAND prints",
                [&into](const std::string& text) -> result<void> {
                    auto parsed = mock_reply::parse(text);
                    if (!parsed) return tl::unexpected(parsed.error());
                    into.replies.push_back(*std::move(parsed));
                    return {};
                })
        .seldom();
    page.values("--rewrite", "RULE",
                "do this to payloads, such as 's/REGEX/TEXT/g', or exec:COMMAND",
                [&into](const std::string& text) -> result<void> {
                    auto parsed = change::parse(text);
                    if (!parsed) return tl::unexpected(parsed.error());
                    into.changes.push_back(*std::move(parsed));
                    return {};
                })
        .seldom();
    page.number("--exec-max", into.exec_max, "run at most N commands of exec: at once", 1)
        .seldom();
}

}  // namespace

void add_options(command_page& page, passing_options& options) {
    add_target_options(page, options.target, false);
    page.text("--to", options.to, "SPEC", "frame messages as SPEC on the server's side");
    page.value("--misfit", "POLICY",
               "do this if a message does not fit --to: close the connection, or skip it",
               [&options](const std::string& text) { return read_misfit(text, options.beyond); })
        .shown_default("close")
        .seldom();
    add_rules(page, options);
    page.group("Faults");
    page.values("--fault", "FAULT",
                "do this to messages, such as 'drop 1%', 'delay 200ms +-50ms' or "
                "'corrupt length nth=3'",
                [&options](const std::string& text) -> result<void> {
                    auto parsed = fault::parse(text);
                    if (!parsed) return tl::unexpected(parsed.error());
                    options.faults.push_back(*std::move(parsed));
                    return {};
                });
    page.value("--seed", "N", "do the same to the same messages in every run",
               [&options](const std::string& text) {
                   return parse_number(text).map([&](auto number) { options.seed = number; });
               });
    page.value("--control", "ADDRESS",
               "show and change the faults over HTTP on ADDRESS, while it runs",
               address_reader(options.control))
        .seldom();
    page.group("Output");
    page.flag("-q,--quiet", options.quiet, "print only errors");
    add_event_options(page, options.events);
    add_verbosity(page, options.verbosity);
    page.text("--record", options.record, "PATH",
              "write connections to folder PATH: transcript, pcapng");
    page.value("--serve", "ADDRESS", "show what passes on a live page at http://ADDRESS/",
               address_reader(options.serve));
    page.text("--html", options.html, "FILE", "write the page to FILE when the proxy ends")
        .seldom();
    page.group("Capacity");
    page.number("-t,--threads", options.threads, "run N event loops", 1).seldom();
    add_connection_options(page, options.settings);
    page.duration("--connect-timeout", options.connect_timeout,
                  "give up connecting to the server after TIME; 0: never")
        .seldom();
    page.duration("--drain", options.settings.drain,
                  "let connections finish for TIME after SIGTERM")
        .seldom();
    add_tls_options(page, options.tls, tls_end::either);
    add_limit_options(page, options.settings.limits);
    page.notes(notes);
    page.describe("proxy [PROTOCOL|FRAMING] LISTEN SERVER [OPTIONS]",
                  "  framewire proxy digits:10 :7000 localhost:7001 -v\n"
                  "  framewire proxy octet-count :6010 localhost:5140 --to line\n"
                  "  framewire proxy mllp :2575 localhost:2576 --fault 'delay 2s 5%'\n"
                  "  framewire proxy redis :6380 localhost:6379 --record conversations");
}

}  // namespace framewire
