#include "showing.hpp"

#include "cli/json_event.hpp"
#include "cli/print.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <string>

namespace framewire {

showing::showing(const passing_options& options, const framing& client, const framing& server)
    : options_(options),
      is_one_(is_same_file(STDOUT_FILENO, STDERR_FILENO)),
      out_(STDOUT_FILENO, output::pace::own,
           options.events.json ? remark_format::event : remark_format::comment),
      separate_errors_(STDERR_FILENO),
      transcripts_(client, options.verbosity, errors(), options.events.timestamps),
      json_(client, events_of(json_log::settings::opened_by::peer, {})),
      server_json_(server.reversed(), events_of(json_log::settings::opened_by::us, "server")),
      recording_(options.record, client, server.reversed(),
                 [this](std::string_view words) { say(words); }),
      recent_(client, server.reversed()),
      clients_([this](const peer& who, const wire_error& why) {
          say(who.remote.text() + ": " + why.message());
      }),
      traffic_(clients_),
      server_traffic_(server.reversed(),
                      {.transcripts = options.verbosity > 0 ? &transcripts_ : nullptr,
                       .events = options.events.json ? &server_json_ : nullptr,
                       .recordings = options.record.empty() ? nullptr : &recording_,
                       .recent = options.has_page() ? &recent_ : nullptr}) {
    if (options.events.json) clients_.add(json_);
    if (options.verbosity > 0) clients_.add(transcripts_);
    if (!options.record.empty()) clients_.add(recording_);
    if (options.has_page()) clients_.add(recent_);
}

result<void> showing::start() {
    if (auto started = out_.start(); !started) return started;
    if (!is_one_) {
        if (auto started = separate_errors_.start(); !started) return started;
    }
    return options_.record.empty() ? result<void>() : recording::prepare(options_.record);
}

void showing::connect(proxy_plan& plan, bool may_change) {
    if (clients_.is_shown()) {
        plan.shown = &traffic_;
        if (may_change) {
            plan.show_server = [this](const peer& client, const peer& server,
                                      const occurrence& what) {
                server_traffic_.show(client, server, what);
            };
        }
    }
    if (!options_.record.empty()) {
        plan.show_end = [this](const peer& client, end_of to) { recording_.ended(client, to); };
    }
    plan.report_fault = [this](const peer& client, end_of to, std::uint64_t message,
                               std::string_view what) { report_fault(client, to, message, what); };
    plan.report_server = [this](const peer& client, const wire_error& why) {
        if (options_.has_page()) recent_.add_server_error(client, why.message());
        say(fmt::format("{}: the server: {}", client.remote.text(), why.message()));
    };
}

json_log::settings showing::events_of(json_log::settings::opened_by whom, std::string_view side) {
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

void showing::say(std::string_view words) {
    if (errors().admits()) errors().write(report_text("proxy", {std::string(words)}));
}

void showing::report_fault(const peer& client, end_of to, std::uint64_t message,
                           std::string_view what) {
    if (options_.has_page()) recent_.add_fault(client, to, message, what);
    if (options_.events.json) {
        if (!out_.admits()) return;
        const auto words = std::string(what);
        return out_.write(json_line(
            {.event = "fault",
             .connection = client.id,
             .direction = to == end_of::server ? json_direction::received : json_direction::sent,
             .count = message,
             .message = words}));
    }
    if (options_.quiet || !errors().admits()) return;
    errors().write(fmt::format("# {}, message {} to the {}: {}\n", client.remote.text(), message,
                               to == end_of::server ? "server" : "client", what));
}

}  // namespace framewire
