#include "proxy.hpp"

#include "cli/descriptor_limit.hpp"
#include "cli/event_options.hpp"
#include "cli/json_event.hpp"
#include "cli/json_log.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/print.hpp"
#include "cli/tls_options.hpp"
#include "cli/transcript_log.hpp"
#include "framewire/core/escapes.hpp"
#include "framewire/net/server.hpp"
#include "passage.hpp"
#include "proxy_plan.hpp"
#include "recording.hpp"
#include "transport/tls_transports.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace framewire {
namespace {

struct run_options {
    target_options target;
    std::optional<std::string> to;
    misfit beyond = misfit::close;
    std::vector<pattern> requests;
    std::vector<std::string> replies;
    std::vector<rewriting> rewritings;
    std::vector<fault> faults;
    std::optional<std::uint64_t> seed;
    std::string record;
    bool quiet = false;
    event_options events;
    int verbosity = 0;
    std::uint64_t threads = 1;
    std::chrono::milliseconds connect_timeout{5'000};
    tls_options tls;
    server_settings settings;
};

/// Where the server is, and how messages are framed on both sides.
struct proxy_route {
    framing client;
    framing server;
    address listens;
    address target;
};

/// What clients send and are sent, for everybody who shows it. A server's own observer knows only
/// bytes without framing.
class client_side final : public observer {
public:
    explicit client_side(std::function<void(const peer&, const close_reason&)> report)
        : report_(std::move(report)) {}

    void add(observer& one) { shown_by_.push_back(&one); }
    [[nodiscard]] bool is_shown() const noexcept { return !shown_by_.empty(); }

    // Of the server's connections.
    void on(const peer& who, const occurrence& what) override {
        if (std::holds_alternative<occurred::peer_ended>(what)) return;  // a passage says so
        show(who, what);
        if (const auto* end = std::get_if<occurred::closed>(&what)) report_(who, end->why);
    }
    [[nodiscard]] bool observes_traffic() const noexcept override { return false; }

    void show(const peer& who, const occurrence& what) {
        for (auto* const one : shown_by_) one->on(who, what);
    }

private:
    std::function<void(const peer&, const close_reason&)> report_;
    std::vector<observer*> shown_by_;
};

/// What passages notify of.
class traffic final : public observer {
public:
    explicit traffic(client_side& of) : of_(of) {}
    void on(const peer& who, const occurrence& what) override { of_.show(who, what); }

private:
    client_side& of_;
};

proxy_route route_of(run_options& options) {
    options.target.takes_addresses = true;
    auto found = resolve(options.target, false);
    if (!found) throw usage_error(found.error());
    if (!found->messages.empty()) throw usage_error({"a proxy takes no messages"});
    if (found->more_addresses.size() != 1) {
        throw usage_error({found->more_addresses.empty()
                               ? "where is the server?"
                               : "a proxy listens at one address, and connects to one",
                           "framewire proxy digits:10 :7000 HOST:PORT"});
    }
    auto server = found->framing;
    if (options.to) {
        auto parsed = framing::parse(*options.to);
        if (!parsed) {
            auto why = parsed.error();
            why.words = "--to: " + why.words;
            throw usage_error(why);
        }
        server = *std::move(parsed);
    }
    return {found->framing, std::move(server), found->address, found->more_addresses.front()};
}

// The client's side has the options of a server, and the other those of a client.
void divide_tls(const run_options& options, const address& target, server_settings& listens,
                transport_factory& connects) {
    auto ours = options.tls;
    ours.is_on = ours.insecure = false;
    ours.ca.clear();
    ours.name.clear();
    if (!ours.certificates.empty() || !ours.client_ca.empty()) listens.tls = server_tls(ours);
    tls_options theirs;
    theirs.is_on = options.tls.is_on;
    theirs.ca = options.tls.ca;
    theirs.name = options.tls.name;
    theirs.insecure = options.tls.insecure;
    if (!theirs.given()) return;
    theirs.version_min = options.tls.version_min;
    theirs.protocols = options.tls.protocols;
    const auto settings = client_tls(theirs, target, "proxy");
    auto made = tls_client_transports(*settings, target.host);
    if (!made) throw usage_error(made.error());
    connects = *std::move(made);
}

/// A proxy from its start to its end.
class proxy_run {
public:
    proxy_run(run_options& options, const proxy_route& route)
        : options_(options),
          route_(route),
          is_one_(is_same_file(STDOUT_FILENO, STDERR_FILENO)),
          out_(STDOUT_FILENO, output::pace::own,
               options.events.json ? remark_format::event : remark_format::comment),
          separate_errors_(STDERR_FILENO),
          transcripts_(route.client, options.verbosity, errors(), options.events.timestamps),
          json_(route.client, {.opened = json_log::settings::opened_by::peer,
                               .shown_bytes_max = shown_bytes_max,
                               .write =
                                   [this](std::string_view line) {
                                       out_.charge(line.size());
                                       out_.write(line);
                                   },
                               .admits = [this] { return out_.admits(); }}),
          recording_(options.record, route.client, [this](std::string_view words) { say(words); }),
          clients_([this](const peer& who, const close_reason& why) {
              if (why.error != nullptr) say(who.remote.text() + ": " + why.error->message());
          }),
          traffic_(clients_) {
        if (options.events.json) clients_.add(json_);
        if (options.verbosity > 0) clients_.add(transcripts_);
        if (!options.record.empty()) clients_.add(recording_);
    }

    result<void> run() {
        if (auto started = out_.start(); !started) return started;
        if (!is_one_) {
            if (auto started = separate_errors_.start(); !started) return started;
        }
        proxy_plan plan{.client = route_.client, .server = route_.server, .target = route_.target};
        if (auto planned = complete(plan); !planned) return planned;
        auto& settings = options_.settings;
        settings.threads = static_cast<unsigned>(options_.threads);
        settings.observer = &clients_;
        settings.reads_while_full = true;
        (void)raise_descriptor_limit();
        const auto unframed = framing::parse("raw");
        auto listening = server::listen(
            route_.listens, *unframed,
            [&plan] {
                return std::make_unique<passage_end>(std::make_shared<passage>(plan),
                                                     end_of::client);
            },
            settings);
        if (!listening) return tl::unexpected(listening.error());
        if (!options_.record.empty()) {
            if (auto made = recording::prepare(options_.record); !made) return made;
        }
        listening->stop_on_signals();
        report_listening(listening->local(), plan);
        return listening->run();
    }

private:
    static constexpr std::size_t shown_bytes_max = 64 * KiB;

    [[nodiscard]] output& errors() noexcept { return is_one_ ? out_ : separate_errors_; }

    void say(std::string_view words) {
        if (errors().admits()) errors().write(report_text("proxy", {std::string(words)}));
    }

    result<void> complete(proxy_plan& plan) {
        auto candidates = framewire::resolve(route_.target, false);
        if (!candidates) return tl::unexpected(candidates.error());
        plan.candidates = *std::move(candidates);
        plan.connect_timeout = options_.connect_timeout;
        plan.limits = options_.settings.limits;
        plan.beyond = options_.beyond;
        for (std::size_t i = 0; i < options_.requests.size(); ++i) {
            plan.mocks.push_back({options_.requests[i], options_.replies[i]});
        }
        plan.rewritings = options_.rewritings;
        plan.faults = options_.faults;
        plan.seed = options_.seed.value_or(std::random_device{}());
        divide_tls(options_, route_.target, options_.settings, plan.make_transport);
        if (clients_.is_shown()) plan.shown = &traffic_;
        plan.report_fault = [this](const peer& client, end_of to, std::uint64_t message,
                                   std::string_view what) {
            report_fault(client, to, message, what);
        };
        plan.report_server = [this](const peer& client, const wire_error& why) {
            say(fmt::format("{}: the server: {}", client.remote.text(), why.message()));
        };
        return {};
    }

    void report_listening(const endpoint& at, const proxy_plan& plan) {
        if (options_.events.json) {
            out_.write(json_line({.event = "listening", .address = at.text()}));
        } else if (!options_.quiet) {
            errors().write(
                fmt::format("Listening on {}, for {}\n", at.text(), route_.target.text()));
            if (!plan.faults.empty() && !options_.seed) {
                errors().write(fmt::format("Faults are drawn with --seed {}\n", plan.seed));
            }
        }
    }

    void report_fault(const peer& client, end_of to, std::uint64_t message,
                      std::string_view what) {
        if (options_.events.json) {
            if (!out_.admits()) return;
            const auto words = std::string(what);
            return out_.write(
                json_line({.event = "fault",
                           .connection = client.id,
                           .direction = to == end_of::server ? json_direction::received
                                                             : json_direction::sent,
                           .count = message,
                           .message = words}));
        }
        if (options_.quiet || !errors().admits()) return;
        errors().write(fmt::format("# {}, message {} to the {}: {}\n", client.remote.text(),
                                   message, to == end_of::server ? "server" : "client", what));
    }

    run_options& options_;
    const proxy_route& route_;
    bool is_one_;
    output out_;
    output separate_errors_;
    transcript_log transcripts_;
    json_log json_;
    recording recording_;
    client_side clients_;
    traffic traffic_;
};

int run_proxy(run_options& options) {
    if (options.requests.size() != options.replies.size()) {
        throw usage_error({fmt::format("--when is given {} times, but --reply {} times",
                                       options.requests.size(), options.replies.size()),
                           "each --when has its --reply, in the same order"});
    }
    options.events.check(options.quiet, "--quiet");
    const auto route = route_of(options);
    proxy_run run(options, route);
    const auto done = run.run();
    if (done) return status_done;
    report("proxy", done.error());
    return status_failed;
}

result<void> read_misfit(const std::string& text, misfit& into) {
    if (text != "close" && text != "skip") {
        return tl::unexpected(failure{fmt::format("'{}' is neither close nor skip", text)});
    }
    into = text == "skip" ? misfit::skip : misfit::close;
    return {};
}

void add_rules(command_page& page, run_options& into) {
    page.group("Rules");
    page.values("--when", "PATTERN", "do not pass requests that contain PATTERN, but answer them",
                [&into](const std::string& text) -> result<void> {
                    auto parsed = pattern::parse(text);
                    if (!parsed) return tl::unexpected(parsed.error());
                    into.requests.push_back(*std::move(parsed));
                    return {};
                })
        .seldom();
    page.values("--reply", "TEXT", "answer those of the --when at the same place with TEXT",
                [&into](const std::string& text) -> result<void> {
                    auto meant = unescape(text);
                    if (!meant) return tl::unexpected(meant.error());
                    into.replies.push_back(*std::move(meant));
                    return {};
                })
        .seldom();
    page.values("--rewrite", "RULE", "do this to payloads, such as 's/REGEX/TEXT/g'",
                [&into](const std::string& text) -> result<void> {
                    auto parsed = rewriting::parse(text);
                    if (!parsed) return tl::unexpected(parsed.error());
                    into.rewritings.push_back(*std::move(parsed));
                    return {};
                })
        .seldom();
}

constexpr const char* notes =
    "Where both sides have the same framing, bytes pass untouched, and as they come. With --to, "
    "each message is framed anew; one that the other framing cannot hold ends the connection, or "
    "with --misfit skip is left out. A message above --max-payload can only pass if its length "
    "need not be known before its end.\n\n"
    "PATTERN is text with escapes, hex:0248 or /REGEX/. In --rewrite, & is what matched, \\1 its "
    "first group.\n\n"
    "A fault is one of: drop; delay TIME [+-TIME]; duplicate; reorder [N]; swap replies; corrupt "
    "payload|length; truncate [BYTES]; split byte|header|N,N [TIME]; coalesce [N]; throttle "
    "SIZE/s; stall, close or reset [after N]. Conditions may follow: 10%, to=client, to=server, "
    "when=TEXT, when=hex:0248, when=/REGEX/, nth=N, every=N. With the same --seed the same "
    "messages are struck.\n\n"
    "--tls-cert and --tls-key are for the side of the clients, --tls and --tls-ca for that of the "
    "server.";

}  // namespace

command add_proxy(command_page& page) {
    const auto options = std::make_shared<run_options>();
    add_target_options(page, options->target, false);
    page.text("--to", options->to, "SPEC", "frame messages as SPEC on the server's side");
    page.value("--misfit", "POLICY",
               "do this if a message does not fit --to: close the connection, or skip it",
               [options = options.get()](const std::string& text) {
                   return read_misfit(text, options->beyond);
               })
        .shown_default("close")
        .seldom();
    add_rules(page, *options);
    page.group("Faults");
    page.values("--fault", "FAULT",
                "do this to messages, such as 'drop 1%', 'delay 200ms +-50ms' or "
                "'corrupt length nth=3'",
                [options = options.get()](const std::string& text) -> result<void> {
                    auto parsed = fault::parse(text);
                    if (!parsed) return tl::unexpected(parsed.error());
                    options->faults.push_back(*std::move(parsed));
                    return {};
                });
    page.value("--seed", "N", "do the same to the same messages in every run",
               [options = options.get()](const std::string& text) {
                   return parse_number(text).map([&](auto number) { options->seed = number; });
               });
    page.group("Output");
    page.flag("-q,--quiet", options->quiet, "print only errors");
    add_event_options(page, options->events);
    add_verbosity(page, options->verbosity);
    page.text("--record", options->record, "PATH",
              "write a transcript of each connection to folder PATH");
    page.group("Capacity");
    page.number("-t,--threads", options->threads, "run N event loops", 1).seldom();
    page.duration("--connect-timeout", options->connect_timeout,
                  "give up connecting to the server after TIME; 0: never")
        .seldom();
    page.duration("--drain", options->settings.drain,
                  "let connections finish for TIME after SIGTERM")
        .seldom();
    add_tls_options(page, options->tls, tls_end::either);
    add_limit_options(page, options->settings.limits);
    page.notes(notes);
    page.describe("proxy [PROTOCOL|FRAMING] LISTEN SERVER [OPTIONS]",
                  "  framewire proxy digits:10 :7000 localhost:7001 -v\n"
                  "  framewire proxy octet-count :6010 localhost:5140 --to line\n"
                  "  framewire proxy mllp :2575 localhost:2576 --fault 'delay 2s 5%'\n"
                  "  framewire proxy redis :6380 localhost:6379 --record conversations");
    return [options](const std::vector<std::string>& messages) {
        if (!messages.empty()) throw usage_error({"a proxy takes no messages"});
        return run_proxy(*options);
    };
}

}  // namespace framewire
