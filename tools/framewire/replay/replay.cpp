#include "replay.hpp"

#include "cli/descriptor_limit.hpp"
#include "cli/json_event.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "cli/progress.hpp"
#include "cli/terminal.hpp"
#include "events.hpp"
#include "io/poller.hpp"
#include "io/signal_handler.hpp"
#include "mock_server.hpp"
#include "options.hpp"
#include "performance.hpp"
#include "recorded.hpp"
#include "report.hpp"
#include "script.hpp"
#include "transport/tls_transports.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace framewire {
namespace {

// Each has a thread.
constexpr std::uint64_t connections_max = 1'000;

int refused(const failure& why, const event_options& how) {
    report("replay", why, how);
    return status_failed;
}

std::string take_first_word(target_options& from) {
    if (from.words.empty()) {
        throw usage_error(
            {"which recording?", "replay FILE [ADDRESS]: a transcript or a capture"});
    }
    auto word = from.words.front();
    from.words.erase(from.words.begin());
    return word;
}

struct played_recording {
    script all;
    target to;
};

// A transcript says its framing itself, so the words may be an address only.
result<played_recording> read_for(const replay_options& options, const std::string& file) {
    auto given = options.target;
    auto named = resolve(given, false);
    reading_plan plan{.streams = options.streams, .names_streams = options.names_streams};
    plan.has_framing = named.has_value();
    plan.framing_for = [&] {
        if (!named) throw usage_error(named.error());
        return named->framing;
    };
    if (!named && options.target.framing) throw usage_error(named.error());
    if (!named) given.framing = "raw";
    auto to = named ? result<target>(*named) : resolve(given, false);
    if (!to) throw usage_error(to.error());
    const auto recorded = read_recorded(file, plan);
    if (!recorded) return tl::unexpected(recorded.error());
    const bool is_client = options.played == played_end::client;
    auto all = make_script(*recorded,
                           is_client != options.swaps ? played_end::client : played_end::server);
    if (!all) return tl::unexpected(all.error());
    if (options.swaps) add_missing_ends(*all);
    return played_recording{*std::move(all), *std::move(to)};
}

result<transport_factory> transports_for(const replay_options& options, const address& where) {
    if (options.played == played_end::server) {
        const auto settings = server_tls(options.tls);
        if (!settings) return transport_factory();
        return tls_server_transports::load(*settings).map([](const tls_server_transports& all) {
            return transport_factory([all] { return all.make(); });
        });
    }
    const auto settings = client_tls(options.tls, where, "replay");
    if (!settings) return transport_factory();
    return tls_client_transports(*settings, where.host);
}

void show_difference(const script& all, const performance_result& found,
                     const replay_options& options) {
    if (!found.first) return;
    print(options.events.json ? print_difference_event(all, *found.first, options.played)
                              : print_difference(all, *found.first, options.played,
                                                 terminal_obeys(STDOUT_FILENO)));
}

void show_result(const performance_result& found, const performance_plan& plan,
                 const replay_options& options) {
    const bool keeps_time = plan.speed > 0;
    print(options.events.json ? print_result_event(found, keeps_time)
                              : print_result(found, options.played, keeps_time));
}

void show_remarks(const script& all, const replay_options& options) {
    for (const auto& one : all.remarks) {
        print(options.events.json
                  ? json_line({.event = "remark", .time = std::nullopt, .message = one})
                  : fmt::format("# {}\n", one));
    }
}

// All at once, as often as is wanted, or up to a difference.
performance_result play_clients(const script& all, const address& where,
                                const performance_plan& plan, const replay_options& options) {
    performance_result sum;
    const auto at_once = std::max<std::uint64_t>(options.connections, 1);
    for (std::uint64_t round = 0; options.loops == 0 || round < options.loops; ++round) {
        std::vector<performance_result> found(static_cast<std::size_t>(at_once));
        auto silent = plan;
        silent.progressed = nullptr;
        std::vector<std::jthread> threads;  // joined even if one cannot be started
        threads.reserve(found.size());
        for (auto& one : found) {
            const bool is_first = &one == found.data();
            threads.emplace_back(
                [&, is_first] { one = play_client(all, where, is_first ? plan : silent); });
        }
        threads.clear();
        for (const auto& one : found) sum.add(one);
        if (sum.first || sum.failed || plan.is_stopped->load()) break;
    }
    return sum;
}

// What has no end of its own ends in order when it is interrupted.
performance_result play_until_stopped(const script& all, const address& where,
                                      performance_plan plan, const replay_options& options) {
    std::atomic<bool> is_stopped{false};
    std::atomic<bool> is_over{false};
    plan.is_stopped = &is_stopped;
    progress bar(true);
    plan.progressed = [&](std::size_t done) {
        bar.show({fmt::format("played {} of {} steps", done, all.steps.size())});
    };
    if (options.loops > 0) return play_clients(all, where, plan, options);
    poller waiting;
    constexpr std::array stopping{SIGINT, SIGTERM};
    const signal_handler stop(waiting, stopping, [&] { is_stopped = true; });
    performance_result found;
    std::jthread playing([&] {
        try {
            found = play_clients(all, where, plan, options);
        } catch (const std::exception& error) {  // no thread can be started
            found.failed = failure{error.what()};
        }
        is_over = true;
    });
    constexpr std::chrono::milliseconds check_interval{50};
    while (!is_over) {
        waiting.wait(check_interval);
        waiting.dispatch();
    }
    playing.join();
    return found;
}

int status_of(const performance_result& found) {
    return found.failed || found.differences > 0 ? status_failed : status_done;
}

int run_client(const replay_options& options, const played_recording& what,
               const performance_plan& plan) {
    const auto found = play_until_stopped(what.all, what.to.address, plan, options);
    show_difference(what.all, found, options);
    if (found.connections > 0) show_result(found, plan, options);
    if (found.failed) report("replay", *found.failed, options.events);
    return status_of(found);
}

int run_server(const replay_options& options, const played_recording& what,
               const performance_plan& plan) {
    const auto sum = run_mock_server(
        what.all, what.to.address, plan, options.connections,
        [&](const std::string& at) {
            if (options.events.json)
                return print(json_line({.event = "listening", .address = at}));
            print_error(fmt::format("Listening on {}\n", at));
        },
        [&](const performance_result& found) {
            show_difference(what.all, found, options);
            if (found.failed) report("replay", *found.failed, options.events);
        });
    if (!sum) return refused(sum.error(), options.events);
    show_result(*sum, plan, options);
    return status_of(*sum);
}

int run_replay(replay_options options, std::vector<std::string> messages) {
    if (!messages.empty()) {
        throw usage_error({"replay takes no messages: they are in the recording", ""});
    }
    const bool is_server = options.played == played_end::server;
    if (is_server && options.loops != 1) {
        throw usage_error({"--loop is for the client's end: a server plays to every client", ""});
    }
    if (!is_server && options.connections > connections_max) {
        throw usage_error({fmt::format("--connections: at most {}", connections_max),
                           "framewire bench is for load"});
    }
    const auto file = take_first_word(options.target);
    const auto what = read_for(options, file);
    if (!what) return refused(what.error(), options.events);
    report_default_address(options.target, what->to);
    show_remarks(what->all, options);
    (void)raise_descriptor_limit();
    performance_plan plan{
        .timeout = options.timeout, .speed = options.speed, .ignored = &options.ignored};
    constexpr std::chrono::hours forever{24 * 365};
    if (plan.timeout.count() == 0) plan.timeout = forever;
    auto secured = transports_for(options, what->to.address);
    if (!secured) return refused(secured.error(), options.events);
    plan.make_transport = *std::move(secured);
    return is_server ? run_server(options, *what, plan) : run_client(options, *what, plan);
}

}  // namespace

command add_replay(command_page& page) {
    const auto options = std::make_shared<replay_options>();
    add_replay_options(page, *options);
    page.notes(
        "A transcript says how its messages are framed; a capture needs PROTOCOL or --framing.\n\n"
        "What the client has sent is sent at the times of the recording, but not before the "
        "replies that it had by then. Replies are compared byte for byte, with --ignore only "
        "their payloads. The first difference is shown, and the exit status is 1.\n\n"
        "PATTERN is an extended regular expression, as of grep -E. What matches is left out on "
        "both sides. It may be given several times.\n\n"
        "What is played is held in memory: up to 256MiB.\n\n"
        "With --as server, each client that connects gets the recorded replies, each as long "
        "after its message as it was recorded. A TIME of 0 means no limit.");
    page.describe("replay FILE [PROTOCOL|FRAMING] [ADDRESS] [OPTIONS]",
                  "  framewire replay session.transcript :7000\n"
                  "  framewire replay capture.pcap redis :6379 --speed max\n"
                  "  framewire replay capture.pcap iso8583-bin2 :7000 --as server");
    return [options](std::vector<std::string> messages) {
        return run_replay(*options, std::move(messages));
    };
}

}  // namespace framewire
