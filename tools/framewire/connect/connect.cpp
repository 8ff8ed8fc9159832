#include "connect.hpp"
#include "blocking_connection.hpp"
#include "cli/event_options.hpp"
#include "cli/json_log.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "cli/proxy_options.hpp"
#include "cli/tls_options.hpp"
#include "cli/transcript_log.hpp"
#include "conversation.hpp"
#include "history_file.hpp"
#include "line_queue.hpp"
#include "lockstep.hpp"
#include "note_pipe.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <limits>
#include <memory>
#include <string>
#include <utility>

namespace framewire {
namespace {

struct connect_options {
    target_options target;
    conversation_options conversation;
    event_options events;
    bool no_history = false;
    int verbosity = 0;
    tls_options tls;
    proxy_options proxy;
};

// A program reads events in any case, a person the console of the protocol.
bool is_conversation(const connect_options& options, const target& to) {
    return options.events.json || !to.wording->client.in_lockstep;
}

void check(const connect_options& options, const target& to) {
    options.events.check(options.verbosity > 0, "--verbose");
    if (!to.messages.empty()) {
        throw usage_error({"connect takes no messages", "framewire send does"});
    }
    const bool is_shaped = options.conversation.escapes || options.conversation.raw;
    if (is_shaped && !is_conversation(options, to)) {
        throw usage_error(
            {fmt::format("{} has a console of its own, without --escapes and --raw",
                         to.wording->name),
             fmt::format("--framing {} in place of {}", to.framing.spec(), to.wording->name)});
    }
}

int fail(const connect_options& options, const failure& why) {
    report("connect", why, options.events);
    return status_failed;
}

int talk(const connect_options& options, const target& to, observer* notified) {
    const auto& how = options.conversation;
    client_settings settings{.timeout = how.timeout, .observer = notified};
    settings.proxy = options.proxy.announcement();
    settings.tls = client_tls(options.tls, to.address, "connect");
    auto connection = blocking_connection::open(to.address, to.framing, settings);
    if (!connection) return fail(options, connection.error());
    history_file history(options.no_history ? "" : history_file::default_path());
    if (is_conversation(options, to)) return converse(**connection, to.framing, how, history);
    return talk_in_lockstep(**connection, to, {how.timeout, how.timestamps}, history);
}

int talk_with_events(connect_options options, const target& to) {
    line_queue events;
    options.conversation.events = &events;
    json_log log(to.framing.reversed(),
                 {.opened = json_log::settings::opened_by::us,
                  .shown_bytes_max = std::numeric_limits<std::size_t>::max(),
                  .write = [&](std::string_view line) { events.add(line); }});
    const int status = talk(options, to, &log);
    print(events.take());
    return status;
}

int talk_with_transcript(const connect_options& options, const target& to, int descriptor) {
    output errors(descriptor, output::pace::in_step);
    if (const auto started = errors.start(); !started) return fail(options, started.error());
    transcript_log log(to.framing.reversed(), options.verbosity, errors,
                       options.events.timestamps);
    return talk(options, to, &log);
}

bool all_are_terminals() {
    return ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0 &&
           ::isatty(STDERR_FILENO) != 0;
}

int run_connect(connect_options options, std::vector<std::string> messages) {
    options.target.messages = std::move(messages);
    const auto found = resolve(options.target, false);
    if (!found) throw usage_error(found.error());
    check(options, *found);
    options.conversation.timestamps = options.events.timestamps;
    if (options.events.json) return talk_with_events(options, *found);
    if (options.verbosity == 0) return talk(options, *found, nullptr);
    const note_pipe notes;
    const bool is_beside = is_conversation(options, *found) && all_are_terminals();
    if (!is_beside || notes.writing_end() < 0) {
        return talk_with_transcript(options, *found, STDERR_FILENO);
    }
    options.conversation.notes = &notes;
    const int status = talk_with_transcript(options, *found, notes.writing_end());
    print_error(notes.read());
    return status;
}

}  // namespace

command add_connect(command_page& page) {
    const auto options = std::make_shared<connect_options>();
    add_target_options(page, options->target, false);
    page.flag("-e,--escapes", options->conversation.escapes,
              R"(read \x02 \0 \r \n \t \\ \u00e9 in messages)");
    page.duration("--timeout", options->conversation.timeout,
                  "give up after TIME without a reply (default: never)")
        .shown_default("");
    page.flag("--no-history", options->no_history,
              "do not use or keep the history of typed lines");
    page.group("Output");
    page.flag("--raw", options->conversation.raw,
              "print control characters on a terminal as they are");
    add_event_options(page, options->events);
    add_verbosity(page, options->verbosity);
    add_tls_options(page, options->tls, tls_end::client, true);
    add_proxy_options(page, options->proxy);
    page.notes(
        "Enter sends the line. Messages from the server are printed as they arrive, above the "
        "line that is being typed. Lines that begin with / are commands: /help lists them, "
        "//text sends /text. Ctrl-C clears the line; on an empty line it leaves, like Ctrl-D."
        "\n\n"
        "Typed lines are kept in $XDG_STATE_HOME/framewire/history.\n\n"
        "The four protocols have consoles of their own, which wait for each reply.");
    page.describe("connect [PROTOCOL|FRAMING] [ADDRESS] [OPTIONS]",
                  "  framewire connect walkthrough\n"
                  "  framewire connect digits:10 localhost:7000\n"
                  "  framewire connect acknowledge 192.0.2.7:9999\n"
                  "Enter sends a line. /help lists commands. Ctrl-D and Ctrl-C leave.");
    return [options](std::vector<std::string> messages) {
        return run_connect(*options, std::move(messages));
    };
}

}  // namespace framewire
