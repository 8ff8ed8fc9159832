#include "blocking_connection.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "cli/transcript_log.hpp"
#include "conversation.hpp"
#include "history_file.hpp"
#include "lockstep.hpp"
#include "talk.hpp"

#include <unistd.h>
#include <memory>
#include <string>
#include <utility>

namespace framewire {
namespace {

struct connect_options {
    target_options target;
    conversation_options conversation;
    bool no_history = false;
    int verbosity = 0;
};

int run_connect(connect_options options, std::vector<std::string> messages) {
    options.target.messages = std::move(messages);
    const auto found = resolve(options.target, false);
    if (!found) throw usage_error(found.error());
    if (!found->messages.empty()) {
        throw usage_error({"connect takes no messages", "framewire send does"});
    }
    output errors(STDERR_FILENO, output::pace::in_step);
    if (options.verbosity > 0) {
        if (const auto started = errors.start(); !started) {
            report("connect", started.error());
            return status_failed;
        }
    }
    transcript_log transcript(found->framing, options.verbosity, errors);
    const auto timeout = options.conversation.timeout;
    client_settings settings{.timeout = timeout};
    if (options.verbosity > 0) settings.observer = &transcript;
    auto connection = blocking_connection::open(found->address, found->framing, settings);
    if (!connection) {
        report("connect", connection.error());
        return status_failed;
    }
    history_file history(options.no_history ? "" : history_file::default_path());
    return found->wording->client.in_lockstep
               ? talk_in_lockstep(**connection, *found, timeout, history)
               : converse(**connection, *found, options.conversation, history);
}

}  // namespace

command add_connect(command_page& page) {
    const auto options = std::make_shared<connect_options>();
    add_target_options(page, options->target, false);
    page.flag("-e,--escapes", options->conversation.escapes,
              "understand \\r \\n \\t \\0 \\\\ \\x02 \\u00e9 in what is typed");
    page.flag("--raw", options->conversation.raw, "do not escape what a terminal is shown");
    page.duration("--timeout", options->conversation.timeout,
                  "give up after TIME without a reply (0: never)");
    page.flag("--no-history", options->no_history, "neither read nor keep what was typed");
    add_verbosity(page, options->verbosity);
    page.describe("connect [PROTOCOL] [ADDRESS] [--framing SPEC]",
                  "  framewire connect localhost:7000 --framing digits:10\n"
                  "  framewire connect walkthrough\n"
                  "  framewire connect acknowledge 192.0.2.7:9999\n"
                  "Enter sends a line. /help lists commands. Ctrl-D and Ctrl-C leave.");
    return [options](std::vector<std::string> messages) {
        return run_connect(*options, std::move(messages));
    };
}

}  // namespace framewire
