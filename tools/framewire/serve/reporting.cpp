#include "reporting.hpp"

#include "cli/print.hpp"
#include "framewire/core/units.hpp"
#include "signals.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <string>

namespace framewire {
namespace {

// Other connections wait while a payload is escaped, and no line may fill the queue of the output.
constexpr std::size_t json_bytes_max = 64 * KiB;

json_log::settings json_to(output& to) {
    return {.opened = json_log::settings::opened_by::peer,
            .shown_bytes_max = json_bytes_max,
            .write =
                [&to](std::string_view line) {
                    to.charge(line.size());
                    to.write(line);
                },
            .admits = [&to] { return to.admits(); }};
}

remark_format remarks(bool as_json) {
    return as_json ? remark_format::event : remark_format::comment;
}

bool logs_json(const reporting_options& options) {
    return options.log.format == log_format::object;
}

std::string protocol_name(const protocol& wording, const framing& frames) {
    return &wording == &unnamed_protocol() ? frames.spec() : std::string(wording.name);
}

bool names_port(std::string_view wording) {
    return wording.find("{address}") != std::string_view::npos ||
           wording.find("{local}") != std::string_view::npos;
}

}  // namespace

void reporting_options::check() const {
    events.check(quiet, "--quiet");
    if (verbosity > 0 && log.format != log_format::plain) {
        throw usage_error({"either --verbose or --log"});
    }
}

reporting::reporting(const reporting_options& options, const framing& frames,
                     const protocol& wording)
    : options_(options),
      wording_(wording.server),
      protocol_(protocol_name(wording, frames)),
      is_one_(is_same_file(STDOUT_FILENO, STDERR_FILENO)),
      console_output_(STDOUT_FILENO, output::pace::own,
                      remarks(options.events.json || (is_one_ && logs_json(options)))),
      separate_errors_(STDERR_FILENO, output::pace::own, remarks(logs_json(options))),
      log_(error_output(), options.log, options.events.timestamps),
      console_(wording_, console_output_, options.events.timestamps),
      json_(frames, json_to(console_output_)),
      transcripts_(frames, options.verbosity, error_output(), options.events.timestamps),
      connections_(log_, protocol_) {
    if (options.events.json) all_.add(json_);
    if (shows_console()) all_.add(console_);
    if (options.verbosity > 0) all_.add(transcripts_);
    all_.add(connections_);
}

result<void> reporting::start() {
    auto started = console_output_.start();
    return started && !is_one_ ? separate_errors_.start() : started;
}

void reporting::started(const endpoint& at, bool is_chosen) {
    if (options_.events.json) {
        console_output_.write(json_line({.event = "listening", .address = at.text()}));
    } else if (shows_console()) {
        console_.started(at);
    }
    const bool is_named =
        options_.events.json || (shows_console() && names_port(wording_.started));
    if (options_.log.format != log_format::plain) {
        log_listening(at);
    } else if (is_chosen && !is_named) {
        log_.write("listening on " + at.text());
    }
}

void reporting::finished(const server_statistics& done) {
    connections_.finish();
    if (done.skipped > 0) {
        log_.write(fmt::format("{} frames skipped for their size", done.skipped));
    }
    const auto counts = failure_counts(done);
    if (options_.log.format != log_format::plain) {
        log_.write(statistics_record(done, "stopped"));
    } else if (!counts.empty()) {
        log_.write(fmt::format("{} connections; failed: {}", done.accepted, counts));
    }
}

void reporting::also_listening(const endpoint& at) {
    if (options_.events.json) {
        console_output_.write(json_line({.event = "listening", .address = at.text()}));
    }
    if (options_.log.format != log_format::plain) {
        log_listening(at);
    } else if (!options_.events.json && !options_.quiet) {
        log_.write("also listening on " + at.text());
    }
}

void reporting::log_listening(const endpoint& at) {
    log_record line(log_level::notice, "listening");
    log_.write(line.add("address", at.text()).add("protocol", protocol_));
}

void reporting::failed(const failure& why) {
    if (options_.events.json) {
        console_output_.write(json_failure(why));
    }
    if (options_.log.format == log_format::plain) {
        return error_output().write(report_text("serve", why));
    }
    log_record line(log_level::error, "failed", why.message());
    log_.write(line.add("hint", why.hint));
}

}  // namespace framewire
