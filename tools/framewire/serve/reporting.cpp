#include "reporting.hpp"

#include "cli/print.hpp"
#include "framewire/core/units.hpp"

#include <unistd.h>

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

bool names_port(std::string_view wording) {
    return wording.find("{address}") != std::string_view::npos ||
           wording.find("{local}") != std::string_view::npos;
}

}  // namespace

reporting::reporting(const reporting_options& options, const framing& frames,
                     const server_wording& wording)
    : options_(options),
      wording_(wording),
      is_one_(is_same_file(STDOUT_FILENO, STDERR_FILENO)),
      console_output_(STDOUT_FILENO, output::pace::own,
                      options.events.json ? remark_format::json : remark_format::comment),
      separate_errors_(STDERR_FILENO),
      log_(error_output(), options.events.timestamps),
      console_(wording, console_output_, options.events.timestamps),
      json_(frames, json_to(console_output_)),
      transcripts_(frames, options.verbosity, error_output(), options.events.timestamps),
      errors_(log_) {
    if (options.events.json) all_.add(json_);
    if (shows_console()) all_.add(console_);
    if (options.verbosity > 0) all_.add(transcripts_);
    all_.add(errors_);
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
    if (is_chosen && !is_named) log_.write("listening on " + at.text());
}

void reporting::failed(const failure& why) {
    if (options_.events.json) {
        console_output_.write(json_failure(why));
    }
    error_output().write(report_text("serve", why));
}

}  // namespace framewire
