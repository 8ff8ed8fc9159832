#include "blocking_connection.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "cli/python_text.hpp"
#include "cli/transcript_log.hpp"
#include "exchange.hpp"
#include "line_reader.hpp"
#include "talk.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <memory>
#include <string>
#include <utility>

namespace framewire {
namespace {

struct connect_options {
    target_options target;
    // A person decides how long to wait.
    client_settings settings{.timeout = std::chrono::milliseconds(0)};
    int verbosity = 0;
};

/// A conversation of a person, or a program instead of one, with a server.
class conversation {
public:
    conversation(blocking_connection& connection, const target& with,
                 std::chrono::milliseconds timeout)
        : connection_(connection),
          timeout_(timeout),
          target_(with),
          wording_(with.wording->client),
          reader_(connection.native_handle()) {}

    int run() {
        print_line(wording_.connected, "");
        if (wording_.only_message.empty()) {
            while (!over_) read_line();
        } else {
            request(only_message());
        }
        print_line(wording_.closed, "");
        return status_;
    }

private:
    void read_line() {
        if (connection_.ready()) return receive_unrequested();
        std::string line;
        switch (reader_.read(std::string(wording_.prompt), line)) {
            case wait_end::line: return take(line);
            case wait_end::end:
                end_prompt();
                over_ = true;
                if (!wording_.farewell.empty()) request(wording_.farewell);
                return;
            case wait_end::interrupted:
                end_prompt();
                over_ = true;
                return;
            case wait_end::peer: end_prompt(); return receive_unrequested();
        }
    }

    void take(const std::string& line) {
        const bool quits = !wording_.quit.empty() && line == wording_.quit;
        const bool says_farewell = quits && !wording_.farewell.empty();
        if (quits || (!wording_.farewell.empty() && line == wording_.farewell)) over_ = true;
        request(says_farewell ? wording_.farewell : bytes(line));
    }

    void request(bytes message) {
        if (const auto sent = connection_.send(message); !sent) {
            // Nothing was sent if the message cannot be framed, so the conversation continues.
            over_ = over_ || error_name(sent.error().code).starts_with("io.");
            return explain_failure(sent.error());
        }
        print_line(wording_.sent, message);
        const bool is_nothing = target_.framing.is_raw() && message.empty();
        if (!is_nothing && !wait_for_reply()) return;
        const auto reply = collect_reply(connection_, message.size(), target_.framing.is_raw());
        if (!reply) return fail(reply.error());
        print_line(wording_.reply, *reply);
    }

    // Ctrl-C ends the wait.
    bool wait_for_reply() {
        if (connection_.ready()) return true;
        const auto reason = reader_.wait_for_peer(timeout_);
        if (reason == wait_end::peer) return true;
        over_ = true;
        if (reason == wait_end::interrupted) {
            print("\n");
        } else {
            fail({errc::io_timeout_reply, 0, "no reply within " + format_duration(timeout_)});
        }
        return false;
    }

    // The server has sent something without a request, or has closed.
    void receive_unrequested() {
        const auto received = connection_.receive();
        if (!received) return fail(received.error());
        print_line(wording_.reply, *received);
    }

    void fail(const wire_error& error) {
        over_ = true;
        explain_failure(error);
    }

    void explain_failure(const wire_error& error) {
        if (error.code == errc::io_closed && !wording_.server_left.empty()) {
            return print_line(wording_.server_left, "");
        }
        status_ = status_failed;
        report("connect", explain(error, wording_));
    }

    // A pipe may contain the one message; no one is prompted for it.
    std::string only_message() {
        std::string line;
        const bool from_pipe = ::isatty(STDIN_FILENO) == 0;
        if (from_pipe && reader_.read("", line) == wait_end::line) return line;
        return std::string(wording_.only_message);
    }

    void end_prompt() {
        if (!wording_.prompt.empty() || reader_.edits()) print("\n");
    }

    void print_line(std::string_view wording, bytes payload) {
        if (wording.empty()) return;
        const auto& peer = connection_.peer();
        print(fmt::format(fmt::runtime(wording), fmt::arg("address", peer.remote.text()),
                          fmt::arg("local", python_address(peer.local)),
                          fmt::arg("text", console_text(payload)),
                          fmt::arg("literal", python_bytes(payload))));
    }

    blocking_connection& connection_;
    std::chrono::milliseconds timeout_;
    const target& target_;
    const client_wording& wording_;
    line_reader reader_;
    bool over_ = false;
    int status_ = status_done;
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
    if (options.verbosity > 0) options.settings.observer = &transcript;
    auto connection = blocking_connection::open(found->address, found->framing, options.settings);
    if (!connection) {
        report("connect", connection.error());
        return status_failed;
    }
    return conversation(**connection, *found, options.settings.timeout).run();
}

}  // namespace

command add_connect(command_page& page) {
    const auto options = std::make_shared<connect_options>();
    add_target_options(page, options->target, false);
    page.duration("--timeout", options->settings.timeout, "for each reply; 0 waits for ever");
    add_verbosity(page, options->verbosity);
    page.describe("connect [PROTOCOL] [ADDRESS] [--framing SPEC]",
                  "  framewire connect walkthrough\n"
                  "  framewire connect acknowledge 192.0.2.7:9999\n"
                  "  framewire connect localhost:7000 --framing digits:10\n"
                  "Ctrl-D and Ctrl-C leave.");
    return [options](std::vector<std::string> messages) {
        return run_connect(*options, std::move(messages));
    };
}

}  // namespace framewire
