#include "serve.hpp"

#include "access_options.hpp"
#include "cli/descriptor_limit.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "cli/tls_options.hpp"
#include "framewire/net/server.hpp"
#include "log_options.hpp"
#include "metrics/metrics_server.hpp"
#include "programs/make_command_service.hpp"
#include "reporting.hpp"
#include "signals.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <memory>
#include <optional>

namespace framewire {
namespace {

constexpr unsigned threads_max = 1024;

struct serve_options {
    target_options target;
    std::optional<std::string> service;
    server_settings settings;
    std::uint64_t threads = 1;
    std::uint64_t exec_max = 16;
    access_options access;
    std::optional<address> metrics;
    reporting_options reporting;
    tls_options tls;
};

void raise_limit(std::size_t connections_max, server_log& log) {
    const auto descriptors = raise_descriptor_limit();
    if (descriptors < connections_max) {
        log.write(
            fmt::format("only {} descriptors for {} connections (raise 'ulimit -n', or lower "
                        "--max-connections)",
                        descriptors, connections_max),
            log_level::warning);
    }
}

// Null where there is nothing to show.
result<std::unique_ptr<metrics_server>> show_metrics(const serve_options& options,
                                                     const server& of, reporting& reports) {
    if (!options.metrics) return {};
    const auto& settings = options.settings;
    auto shown =
        metrics_server::start(*options.metrics, of,
                              {.loops = settings.threads,
                               .connections_max = settings.connections_max,
                               .log_lines_left_out = [&reports] { return reports.left_out(); }});
    if (!shown) return tl::unexpected(shown.error());
    const auto& at = shown->local();
    reports.log().write(at.kind == endpoint::family::local
                            ? fmt::format("metrics on {}", at.text())
                            : fmt::format("metrics on http://{}/metrics", at.text()));
    return std::make_unique<metrics_server>(std::move(*shown));
}

// Keeps the freed memory of large messages for the next ones: the system would reclaim it, and
// clear every page again, which costs more than copying the message.
void keep_freed_memory() {
    constexpr int kept = 64 * 1024 * 1024;
    ::mallopt(M_MMAP_THRESHOLD, kept / 2);
    ::mallopt(M_TRIM_THRESHOLD, kept);
}

bool is_every_address(const endpoint& at) { return at.host == "0.0.0.0" || at.host == "::"; }

int run_serve(serve_options options, std::vector<std::string> messages) {
    options.target.messages = std::move(messages);
    const auto found = resolve(options.target, false);
    if (!found) throw usage_error(found.error());
    if (!found->messages.empty()) throw usage_error({"a server takes no messages"});
    const auto service =
        make_command_service(options.service.value_or(std::string(found->wording->service)),
                             options.settings.limits, options.exec_max);
    if (!service) throw usage_error(service.error());

    if (options.threads > threads_max) {
        throw usage_error({fmt::format("--threads: at most {}", threads_max)});
    }
    options.access.apply(options.settings);
    options.settings.tls = server_tls(options.tls);
    options.settings.threads = static_cast<unsigned>(options.threads);

    held_signals held;
    options.reporting.check();
    reporting reports(options.reporting, found->framing, *found->wording);
    if (const auto started = reports.start(); !started) {
        report("serve", started.error());
        return status_failed;
    }
    raise_limit(options.settings.connections_max, reports.log());
    options.settings.observer = &reports.observer();
    options.settings.measures = options.metrics.has_value();

    keep_freed_memory();
    auto server = server::listen(found->address, found->framing, *service, options.settings);
    if (!server) {
        reports.failed(server.error());
        return status_failed;
    }
    const auto metrics = show_metrics(options, *server, reports);
    if (!metrics) {
        reports.failed(metrics.error());
        return status_failed;
    }
    handle_signals(*server, reports.log());
    held.release();
    reports.started(server->local(), found->address.port == 0 && !found->address.is_local());
    if (!options.reporting.quiet && is_every_address(server->local())) {
        reports.log().write("reachable from the network; :PORT is this machine only");
    }
    const auto served = server->run();
    if (!served) reports.failed(served.error());
    const auto done = server->statistics();
    reports.finished(done);
    constexpr auto cut_off = static_cast<std::size_t>(errc::limit_drain);
    return served && done.failures.at(cut_off) == 0 ? status_done : status_failed;
}

constexpr const char* notes =
    "echo returns each message. discard returns nothing. reply:TEXT returns TEXT; "
    "reply:TEXT,close also closes the connection. acknowledge[:TEXT] returns TEXT once a message "
    "is complete. echo,until=TEXT and acknowledge,until=TEXT close after that message.\n\n"
    "relay sends each message to all other clients; overflow=close, drop_oldest or drop_newest "
    "says what happens to a client that does not keep up.\n\n"
    "exec:COMMAND runs COMMAND for each message: the message is its input, and its output is the "
    "reply. pipe:COMMAND[,framing=SPEC] runs COMMAND for each connection, with messages framed as "
    "SPEC (default line) on its input and output.\n\n"
    "The default address is that of the protocol, or :7000 with a framing. An address is "
    "HOST:PORT, [::1]:PORT, :PORT (this machine only), *:PORT (every interface) or "
    "unix:/path[,mode=660]. Port 0 picks a free port.\n\n"
    "SIGTERM and SIGINT let connections finish; a second one ends at once. SIGUSR1 logs the "
    "counters.";

}  // namespace

command add_serve(command_page& page) {
    const auto options = std::make_shared<serve_options>();
    auto& settings = options->settings;
    add_target_options(page, options->target, false);
    page.text("-s,--service", options->service, "SERVICE",
              "answer with SERVICE: echo (default), discard, reply:TEXT, acknowledge, relay, "
              "exec:COMMAND or pipe:COMMAND");
    page.group("Output");
    page.flag("-q,--quiet", options->reporting.quiet, "print only errors");
    add_event_options(page, options->reporting.events);
    add_verbosity(page, options->reporting.verbosity);
    add_log_options(page, options->reporting.log);
    page.value("--metrics", "ADDRESS",
               "serve metrics for Prometheus, /healthz and /readyz over HTTP on ADDRESS",
               [options](const std::string& text) -> result<void> {
                   auto where = address::parse(text);
                   if (!where) return tl::unexpected(where.error());
                   options->metrics = *std::move(where);
                   return {};
               })
        .seldom();
    page.group("Capacity");
    page.number("-t,--threads", options->threads, "run N event loops", 1);
    page.number("--max-connections", settings.connections_max,
                "allow N connections; above that, close the one that was silent longest, or the "
                "new one",
                1)
        .seldom();
    page.number("--max-per-address", settings.connections_per_address_max,
                "allow N connections from one address; 0: a tenth of --max-connections (default)")
        .shown_default("")
        .seldom();
    page.size("--max-memory", settings.memory_max,
              "hold at most SIZE for all peers; 0: 3/4 of the memory (default)")
        .shown_default("")
        .seldom();
    add_rate_options(page, settings);
    page.number("--exec-max", options->exec_max, "run at most N commands of exec: at once", 1)
        .seldom();
    page.duration("--drain", settings.drain, "let connections finish for TIME after SIGTERM")
        .seldom();
    add_access_options(page, options->access);
    add_tls_options(page, options->tls, tls_end::server);
    add_limit_options(page, settings.limits);
    page.notes(notes);
    page.describe("serve [PROTOCOL|FRAMING] [ADDRESS] [OPTIONS]",
                  "  framewire serve walkthrough\n"
                  "  framewire serve mllp :2575\n"
                  "  framewire serve line :7000 --service 'exec:tr a-z A-Z'\n"
                  "  framewire serve u32be '*:7000' --threads 4 --quiet\n"
                  ":PORT: this machine; *:PORT: every interface. TLS: --tls-cert, --tls-key.");
    return [options](std::vector<std::string> messages) {
        return run_serve(*options, std::move(messages));
    };
}

}  // namespace framewire
