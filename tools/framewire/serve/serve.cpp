#include "serve.hpp"

#include "cli/descriptor_limit.hpp"
#include "cli/print.hpp"
#include "metrics/metrics_server.hpp"
#include "operation.hpp"
#include "programs/make_command_service.hpp"
#include "reporting.hpp"
#include "serve_options.hpp"
#include "signals.hpp"
#include "start.hpp"
#include "store_plan.hpp"
#include "transport/tls_transports.hpp"
#include "watchdog.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace framewire {
namespace {

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
                                                     const server& of, reporting& reports,
                                                     const std::optional<store_plan>& stores) {
    if (!options.metrics) return {};
    metrics_source more{.loops = options.settings.threads,
                        .log_lines_left_out = [&reports] { return reports.left_out(); }};
    if (stores && stores->opened()) {
        more.store = [one = stores->opened()] { return one->statistics(); };
    }
    if (stores && stores->forwarder()) {
        more.nats = [one = stores->forwarder()] { return one->statistics(); };
    }
    auto shown = metrics_server::start(*options.metrics, of, std::move(more));
    if (!shown) return tl::unexpected(shown.error());
    const auto& at = shown->local();
    const auto url = at.kind == endpoint::family::local
                         ? at.text()
                         : fmt::format("http://{}/metrics", at.text());
    log_record line(log_level::notice, "metrics", "metrics on " + url);
    reports.log().write(line.add("address", url).message({}));
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

/// What the options mean.
struct serve_plan {
    target found;
    service_factory service;
    std::optional<store_plan> stores;  ///< makes the service once it is opened
    identity runs_as;
};

service_factory nothing_yet() {
    return [] { return std::unique_ptr<service>(); };
}

serve_plan plan_of(serve_options& options) {
    auto found = target_of(options);
    const auto runs_as = identity::find(options.identity);
    if (!runs_as) throw usage_error(runs_as.error());
    if (const auto renounced = runs_as->renounce(); !renounced) {
        throw usage_error(renounced.error());
    }
    const auto spec = options.service.value_or(std::string(found.wording->service));
    auto stores = store_plan::parse(spec, found.wording->service);
    if (!stores) throw usage_error(stores.error());
    const auto service =
        *stores ? result<service_factory>(nothing_yet())
                : make_command_service(spec, options.settings.limits, options.exec_max);
    if (!service) throw usage_error(service.error());
    return {std::move(found), *service, std::move(*stores), *runs_as};
}

std::vector<address> addresses_of(const target& found) {
    auto all = found.more_addresses;
    all.insert(all.begin(), found.address);
    return all;
}

void report_listening(const serve_options& options, const target& found, const server& of,
                      reporting& reports) {
    const auto at = of.locals();
    reports.started(at.front(), found.address.port == 0 && !found.address.is_local());
    for (std::size_t i = 1; i < at.size(); ++i) reports.also_listening(at[i]);
    if (!options.reporting.quiet && std::ranges::any_of(at, is_every_address)) {
        reports.log().write("reachable from the network; :PORT is this machine only");
    }
}

/// A server from its start to its end.
class serve_run {
public:
    serve_run(serve_options& options, serve_plan plan, read_configuration read,
              std::function<read_configuration()> read_again)
        : options_(options),
          plan_(std::move(plan)),
          read_(std::move(read)),
          read_again_(std::move(read_again)),
          reports_(options.reporting, plan_.found.framing, *plan_.found.wording) {}

    int run(inheritance given) {
        held_signals held;
        if (const auto started = reports_.start(); !started) {
            report("serve", started.error());
            return status_failed;
        }
        raise_limit(options_.settings.connections_max, reports_.log());
        options_.settings.observer = &reports_.observer();
        options_.settings.measures = options_.metrics.has_value();

        keep_freed_memory();
        if (plan_.stores) {
            auto service = plan_.stores->open(
                options_.accepts_loss, [this](const std::string& words, bool is_trouble) {
                    reports_.log().write(words,
                                         is_trouble ? log_level::warning : log_level::notice);
                });
            if (!service) return fail(service.error());
            plan_.service = std::move(*service);
        }
        auto listening = server::listen(places_of(given.sockets, addresses_of(plan_.found)),
                                        plan_.found.framing, plan_.service, options_.settings);
        if (!listening) return fail(listening.error());
        auto& server = *listening;
        if (!given.sockets.empty()) plan_.found.address.port = 0;  // nobody has named it
        const metrics_end shown_until_then{*this};
        // A process that is to be replaced still has that address.
        if (!given.before.exists()) {
            if (auto shown = show(server); !shown) return fail(shown.error());
        }
        if (auto assumed = plan_.runs_as.assume(); !assumed) return fail(assumed.error());
        operation operated({server, reports_.log(), given.init, next_, read_, read_again_,
                            options_.hand_over, [this] { hide(); }});
        operated.handle_signals();
        held.release();
        report_listening(options_, plan_.found, server, reports_);
        report_store();
        if (given.before.exists()) succeed(server, given.before);
        given.init.ready("serving on " + server.local().text());
        const watchdog guarded(server, given.init);
        return serve(server);
    }

private:
    // Before the server that they show.
    struct metrics_end {
        serve_run& of;
        ~metrics_end() { of.hide(); }
    };

    int serve(server& server) {
        const auto served = server.run();
        if (!served) reports_.failed(served.error());
        const auto done = server.statistics();
        reports_.finished(done);
        constexpr auto cut_off = static_cast<std::size_t>(errc::limit_drain);
        const bool has_finished = served && done.failures.at(cut_off) == 0;
        return has_finished && !has_trouble() ? status_done : status_failed;
    }

    void report_store() {
        if (!plan_.stores || options_.reporting.quiet) return;
        for (const auto& one : plan_.stores->notices()) reports_.log().write(one);
    }

    // What was acknowledged is stored; the caller must know that we refused the rest.
    bool has_trouble() {
        if (!plan_.stores || !plan_.stores->opened()) return false;
        const auto trouble = plan_.stores->opened()->statistics().trouble;
        if (trouble) {
            reports_.failed({fmt::format("{}: {}", error_name(trouble->code), trouble->words)});
        }
        return trouble.has_value();
    }

    int fail(const failure& why) {
        reports_.failed(why);
        return status_failed;
    }

    result<void> show(const server& of) {
        auto shown = show_metrics(options_, of, reports_, plan_.stores);
        if (!shown) return tl::unexpected(shown.error());
        const std::lock_guard lock(metrics_mutex_);
        metrics_ = *std::move(shown);
        return {};
    }

    void hide() {
        const std::lock_guard lock(metrics_mutex_);
        metrics_.reset();
    }

    // New connections matter more than metrics: without their address we serve nevertheless.
    void succeed(const server& of, predecessor& before) {
        before.succeed();
        constexpr std::chrono::milliseconds pause{20};
        constexpr int attempts_max = 100;
        for (int i = 1;; ++i) {
            const auto shown = show(of);
            if (shown) return;
            if (i == attempts_max)
                return reports_.log().write(shown.error().words, log_level::warning);
            std::this_thread::sleep_for(pause);
        }
    }

    serve_options& options_;
    serve_plan plan_;
    read_configuration read_;
    std::function<read_configuration()> read_again_;
    reporting reports_;
    std::mutex metrics_mutex_;
    std::unique_ptr<metrics_server> metrics_;
    successor next_;
};

/// The options of the command line and of the file, as read at one time.
struct read_options {
    explicit read_options(const std::vector<given_word>& words)
        : options(std::make_shared<serve_options>()),
          read(std::make_shared<const configuration>(
              "serve", words, [this](command_page& page) { add_options(page, options); })) {}

    std::shared_ptr<serve_options> options;
    std::shared_ptr<const configuration> read;
};

int run_serve(const std::vector<given_word>& words) {
    const read_options first(words);
    auto plan = plan_of(*first.options);
    if (first.options->checks_config) {
        if (const auto& tls = first.options->settings.tls; tls) {
            const auto loaded = tls_server_transports::load(*tls);
            if (!loaded) throw usage_error(loaded.error());
        }
        const auto& path = first.read->path();
        print(path.empty() ? "the options are valid\n" : path + " is valid\n");
        return status_done;
    }
    const auto read_again = [&words] {
        const read_options next(words);
        (void)target_of(*next.options);
        return read_configuration{next.read, next.options->settings, next.options->reporting.log};
    };
    serve_run run(*first.options, std::move(plan),
                  {first.read, first.options->settings, first.options->reporting.log}, read_again);
    auto given = inheritance::take();
    if (!given) {
        report("serve", given.error());
        return status_failed;
    }
    return run.run(std::move(*given));
}

}  // namespace

command add_serve(command_page& page) {
    const auto options = std::make_shared<serve_options>();
    add_options(page, options);
    return [&page, options](const std::vector<std::string>& messages) {
        if (!messages.empty()) throw usage_error({"a server takes no messages"});
        return run_serve(page.in_order());
    };
}

}  // namespace framewire
