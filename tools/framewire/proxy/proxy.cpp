#include "proxy.hpp"

#include "cli/descriptor_limit.hpp"
#include "cli/file.hpp"
#include "cli/json_event.hpp"
#include "cli/print.hpp"
#include "cli/tls_options.hpp"
#include "control_site.hpp"
#include "framewire/net/server.hpp"
#include "http/http_thread.hpp"
#include "live_page.hpp"
#include "live_site.hpp"
#include "passage.hpp"
#include "passing_options.hpp"
#include "proxy_plan.hpp"
#include "showing.hpp"
#include "transport/tls_transports.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
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
          shows_(options, route.client, route.server),
          control_(faults_),
          live_(
              shows_.recent(), [this] { return facts(); },
              options.control && options.serve && options.control->text() == options.serve->text()
                  ? &control_
                  : nullptr) {}

    result<void> run() {
        if (auto started = shows_.start(); !started) return started;
        proxy_plan plan{.client = route_.client, .server = route_.server, .target = route_.target};
        if (auto planned = complete(plan); !planned) return planned;
        auto& settings = options_.settings;
        settings.threads = static_cast<unsigned>(options_.threads);
        settings.observer = &shows_.clients();
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
        listens_ = listening->local().text();
        std::optional<http_thread> page;
        std::optional<http_thread> control;
        if (auto started = start_sites(page, control); !started) return started;
        listening->stop_on_signals();
        report_listening(plan);
        if (page && !options_.events.json && !options_.quiet) {
            shows_.errors().write(fmt::format("Page at http://{}/\n", page->local().text()));
        }
        auto done = listening->run();
        return done && !options_.html.empty() ? write_page() : done;
    }

private:
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
        plan.changes = options_.changes;
        const auto is_program = [](const auto& one) { return !one.command.empty(); };
        if (std::ranges::any_of(plan.changes, is_program) ||
            std::ranges::any_of(options_.replies, is_program)) {
            plan.programs = std::make_shared<program_runner>(options_.exec_max);
        }
        if (options_.control || !options_.faults.empty()) plan.faults = &faults_;
        divide_tls(options_, route_.target, options_.settings, plan.make_transport);
        shows_.connect(plan, may_change(plan));
        return {};
    }

    // Otherwise the server's side is the client's.
    [[nodiscard]] bool may_change(const proxy_plan& plan) const {
        return route_.client.spec() != route_.server.spec() || plan.faults != nullptr ||
               !plan.mocks.empty() || !plan.changes.empty();
    }

    result<void> start_sites(std::optional<http_thread>& page,
                             std::optional<http_thread>& control) {
        const auto start = [](const std::optional<address>& where, http_site& site,
                              std::optional<http_thread>& into) -> result<void> {
            if (!where) return {};
            auto started = http_thread::start(*where, site);
            if (!started) return tl::unexpected(started.error());
            into = *std::move(started);
            return {};
        };
        if (auto started = start(options_.serve, live_, page); !started) return started;
        if (live_.has_control()) return {};
        return start(options_.control, control_, control);
    }

    void report_listening(const proxy_plan& plan) {
        if (options_.events.json) {
            shows_.results().write(json_line({.event = "listening", .address = listens_}));
        } else if (!options_.quiet) {
            auto& to = shows_.errors();
            to.write(fmt::format("Listening on {}, for {}\n", listens_, route_.target.text()));
            if (plan.faults != nullptr && !options_.seed) {
                to.write(fmt::format("Faults are drawn with --seed {}\n", faults_.now()->seed));
            }
        }
    }

    [[nodiscard]] json_value facts() const {
        const auto now = faults_.now();
        auto specs = json_value::list();
        for (const auto& one : now->faults) specs.push_back(one.spec);
        return json_value::object({{"listens", listens_},
                                   {"server", route_.target.text()},
                                   {"framing", route_.client.spec()},
                                   {"to", route_.server.spec()},
                                   {"seed", now->seed},
                                   {"faults", std::move(specs)}});
    }

    [[nodiscard]] result<void> write_page() const {
        auto all = live_.data(0);
        all["ended"] = std::chrono::duration_cast<std::chrono::milliseconds>(
                           std::chrono::system_clock::now().time_since_epoch())
                           .count();
        return write_file(options_.html, live_page(all));
    }

    passing_options& options_;
    const proxy_route& route_;
    live_faults faults_;
    showing shows_;
    control_site control_;
    live_site live_;
    std::string listens_;
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
