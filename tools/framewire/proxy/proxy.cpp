#include "proxy.hpp"

#include "cli/descriptor_limit.hpp"
#include "cli/json_event.hpp"
#include "cli/json_log.hpp"
#include "cli/output.hpp"
#include "cli/print.hpp"
#include "cli/tls_options.hpp"
#include "cli/transcript_log.hpp"
#include "control_site.hpp"
#include "framewire/net/server.hpp"
#include "http/http_thread.hpp"
#include "passage.hpp"
#include "passing_options.hpp"
#include "proxy_plan.hpp"
#include "recording.hpp"
#include "sides.hpp"
#include "transport/tls_transports.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace framewire {
namespace {

/// Where the server is, and how messages are framed on both sides.
struct proxy_route {
    framing client;
    framing server;
    address listens;
    address target;
};

proxy_route route_of(passing_options& options) {
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
void divide_tls(const passing_options& options, const address& target, server_settings& listens,
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
    proxy_run(passing_options& options, const proxy_route& route)
        : options_(options),
          route_(route),
          faults_(
              {.faults = options.faults, .seed = options.seed.value_or(std::random_device{}())}),
          is_one_(is_same_file(STDOUT_FILENO, STDERR_FILENO)),
          out_(STDOUT_FILENO, output::pace::own,
               options.events.json ? remark_format::event : remark_format::comment),
          separate_errors_(STDERR_FILENO),
          transcripts_(route.client, options.verbosity, errors(), options.events.timestamps),
          json_(route.client, events_of(json_log::settings::opened_by::peer, {})),
          server_json_(route.server.reversed(),
                       events_of(json_log::settings::opened_by::us, "server")),
          recording_(options.record, route.client, route.server.reversed(),
                     [this](std::string_view words) { say(words); }),
          clients_([this](const peer& who, const close_reason& why) {
              if (why.error != nullptr) say(who.remote.text() + ": " + why.error->message());
          }),
          traffic_(clients_),
          server_traffic_(route.server.reversed(),
                          {.transcripts = options.verbosity > 0 ? &transcripts_ : nullptr,
                           .events = options.events.json ? &server_json_ : nullptr,
                           .recordings = options.record.empty() ? nullptr : &recording_}) {
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
        control_site controlled(faults_);
        std::optional<http_thread> control;
        if (options_.control) {
            auto started = http_thread::start(*options_.control, controlled);
            if (!started) return tl::unexpected(started.error());
            control = *std::move(started);
        }
        listening->stop_on_signals();
        report_listening(listening->local(), plan);
        return listening->run();
    }

private:
    static constexpr std::size_t shown_bytes_max = 64 * KiB;

    json_log::settings events_of(json_log::settings::opened_by whom, std::string_view side) {
        return {.opened = whom,
                .side = side,
                .shown_bytes_max = shown_bytes_max,
                .write =
                    [this](std::string_view line) {
                        out_.charge(line.size());
                        out_.write(line);
                    },
                .admits = [this] { return out_.admits(); }};
    }

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
        if (options_.control || !options_.faults.empty()) plan.faults = &faults_;
        divide_tls(options_, route_.target, options_.settings, plan.make_transport);
        if (clients_.is_shown()) {
            plan.shown = &traffic_;
            if (may_change(plan)) {
                plan.show_server = [this](const peer& client, const peer& server,
                                          const occurrence& what) {
                    server_traffic_.show(client, server, what);
                };
            }
        }
        plan.report_fault = [this](const peer& client, end_of to, std::uint64_t message,
                                   std::string_view what) {
            report_fault(client, to, message, what);
        };
        plan.report_server = [this](const peer& client, const wire_error& why) {
            say(fmt::format("{}: the server: {}", client.remote.text(), why.message()));
        };
        return {};
    }

    // Otherwise the server's side is the client's.
    [[nodiscard]] bool may_change(const proxy_plan& plan) const {
        return route_.client.spec() != route_.server.spec() || plan.faults != nullptr ||
               !plan.mocks.empty() || !plan.rewritings.empty();
    }

    void report_listening(const endpoint& at, const proxy_plan& plan) {
        if (options_.events.json) {
            out_.write(json_line({.event = "listening", .address = at.text()}));
        } else if (!options_.quiet) {
            errors().write(
                fmt::format("Listening on {}, for {}\n", at.text(), route_.target.text()));
            if (plan.faults != nullptr && !options_.seed) {
                const auto seed = faults_.now()->seed;
                errors().write(fmt::format("Faults are drawn with --seed {}\n", seed));
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

    passing_options& options_;
    const proxy_route& route_;
    live_faults faults_;
    bool is_one_;
    output out_;
    output separate_errors_;
    transcript_log transcripts_;
    json_log json_;
    json_log server_json_;
    recording recording_;
    client_side clients_;
    client_traffic traffic_;
    server_side server_traffic_;
};

int run_proxy(passing_options& options) {
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

}  // namespace

command add_proxy(command_page& page) {
    const auto options = std::make_shared<passing_options>();
    add_options(page, *options);
    return [options](const std::vector<std::string>& messages) {
        if (!messages.empty()) throw usage_error({"a proxy takes no messages"});
        return run_proxy(*options);
    };
}

}  // namespace framewire
