#include "send.hpp"

#include "accept_one.hpp"
#include "cli/json_event.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "cli/tls_options.hpp"
#include "framewire/core/units.hpp"
#include "net/connect_to.hpp"
#include "output_options.hpp"
#include "run_transfer.hpp"
#include "transport/tls_transports.hpp"

#include <fmt/format.h>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace framewire {
namespace {

struct receive_options {
    target_options target;
    std::optional<std::uint64_t> count;
    std::chrono::milliseconds for_time{0};
    bool listen = false;
    std::chrono::milliseconds timeout{5'000};
    output_options output;
    std::uint64_t payload_bytes_max = limits{}.assembled_bytes_max;
    int verbosity = 0;
    tls_options tls;
};

// A peer may be silent for as long as it likes, also inside a message.
limits bounds_of(const receive_options& options) {
    limits bounds;
    bounds.assembled_bytes_max = options.payload_bytes_max;
    bounds.header_deadline = bounds.body_deadline = std::chrono::milliseconds(0);
    return bounds;
}

transfer_plan plan_for(const receive_options& options, const target& from) {
    transfer_plan plan{.frames = from.framing,
                       .wording = from.wording->client,
                       .replies = until_the_end{},
                       .in_lockstep = false,
                       .ends_stream = false,
                       .one_word = "message",
                       .many_words = "messages",
                       .shows_progress = options.verbosity == 0};
    if (options.count) plan.replies = exactly{*options.count};
    plan.rules.borders = from.framing.is_raw() ? reply_borders::none : reply_borders::frames;
    plan.rules.bytes_max = options.payload_bytes_max;
    plan.rules.lengths_are_bytes = from.framing.counts() != counting::in_characters;
    return plan;
}

result<owned_descriptor> open_socket(const receive_options& options, const target& from,
                                     std::optional<time_point> until) {
    if (!options.listen) return connect_to(from.address, options.timeout);
    return accept_one(from.address, until, [&](const std::string& at) {
        if (options.output.events.json)
            return print(json_line({.event = "listening", .address = at}));
        print_error(fmt::format("Listening on {}\n", at));
    });
}

// Null without TLS.
result<transport_factory> transports_of(const receive_options& options, const target& from) {
    if (options.listen) {
        const auto settings = server_tls(options.tls);
        if (!settings) return transport_factory();
        return tls_server_transports::load(*settings).map([](const tls_server_transports& all) {
            return transport_factory([all] { return all.make(); });
        });
    }
    const auto settings = client_tls(options.tls, from.address, "receive");
    if (!settings) return transport_factory();
    return tls_client_transports(*settings, from.address.host);
}

result<void> receive(const receive_options& options, const target& from, const output_form& form) {
    auto messages = reply_output::open(form);
    if (!messages) return tl::unexpected(messages.error());
    const auto plan = plan_for(options, from);
    transfer_setting setting{.limits = bounds_of(options),
                             .is_accepted = options.listen,
                             .verbosity = options.verbosity,
                             .events = options.output.events};
    if (options.for_time.count() > 0) {
        setting.until = std::chrono::steady_clock::now() + options.for_time;
    }
    auto secured = transports_of(options, from);
    if (!secured) return tl::unexpected(secured.error());
    setting.make_transport = *std::move(secured);
    auto socket = open_socket(options, from, setting.until);
    if (!socket) return tl::unexpected(socket.error());
    if (auto cleared = messages->clear(); !cleared) return cleared;
    transfer_end end{.by_time = true};
    if (socket->is_open()) {
        const auto ended =
            run_transfer(std::move(*socket), plan, setting, messages_of({}), *messages);
        if (!ended) return tl::unexpected(ended.error());
        end = *ended;
    }
    const auto wanted = options.count.value_or(0);
    if (!end.by_time || end.received >= wanted) return {};
    return tl::unexpected(failure{fmt::format("{} of {} messages within {}", end.received, wanted,
                                              format_duration(options.for_time))});
}

int run_receive(receive_options options, std::vector<std::string> after_border) {
    options.target.messages = std::move(after_border);
    const auto found = resolve(options.target, false);
    if (!found) throw usage_error(found.error());
    report_default_address(options.target, *found);
    if (!found->messages.empty()) {
        throw usage_error({"receive takes no messages", "framewire send does"});
    }
    if (options.count && found->framing.is_raw()) {
        throw usage_error({"without framing there are no messages to count", "--framing SPEC"});
    }
    const auto done = receive(options, *found, form_of(options.output, found->framing));
    return status_of("receive", done, options.output.events);
}

}  // namespace

command add_receive(command_page& page) {
    const auto options = std::make_shared<receive_options>();
    add_target_options(page, options->target, false);
    page.value("--count", "N", "end after N messages; fewer are a failure",
               [options = options.get()](const std::string& text) {
                   return parse_number(text).map([&](auto count) { options->count = count; });
               });
    page.duration("--for", options->for_time, "end after TIME (default: never)").shown_default("");
    page.flag("-l,--listen", options->listen, "listen on ADDRESS, and accept one connection");
    page.duration("--timeout", options->timeout, "give up connecting after TIME; 0: never")
        .seldom();
    page.size("--max-payload", options->payload_bytes_max, "accept messages of at most SIZE")
        .seldom();
    page.group("Output");
    add_output_options(page, options->output);
    add_verbosity(page, options->verbosity);
    add_tls_options(page, options->tls, tls_end::either, true);
    page.notes(
        "Messages are printed until the peer ends its stream, and nothing is sent. Each ends with "
        "a line feed on standard output, but not in --output. There is no limit on silence.");
    page.describe("receive [PROTOCOL|FRAMING] [ADDRESS] [OPTIONS]",
                  "  framewire receive digits:10 :7000\n"
                  "  framewire receive u32be :7000 --count 1 --output first.txt\n"
                  "  framewire receive syslog :5140 --listen --for 1min");
    return [options](std::vector<std::string> messages) {
        return run_receive(*options, std::move(messages));
    };
}

}  // namespace framewire
