#include "lockstep.hpp"

#include "cli/explain.hpp"
#include "cli/print.hpp"
#include "cli/python_text.hpp"
#include "cli/timestamp.hpp"
#include "line_reader.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <string>

namespace framewire {
namespace {

// The next payload, or, without framing, as many bytes as were sent, because the boundaries of
// reads mean nothing.
wire_result<std::string> collect_reply(blocking_connection& connection, std::size_t sent_bytes,
                                       bool raw) {
    std::string reply;
    while (!raw || reply.size() < sent_bytes) {
        const auto data = connection.receive();
        if (!data) return tl::unexpected(data.error());
        reply += *data;
        if (!raw) break;
    }
    return reply;
}

class lockstep {
public:
    lockstep(blocking_connection& connection, const target& with, const lockstep_options& options,
             history_file& history)
        : connection_(connection),
          options_(options),
          target_(with),
          wording_(with.wording->client),
          reader_({connection.native_handle(), -1}, &history,
                  [this] { return reader_.edits() && show_unrequested(); }) {}

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
        const auto reason = reader_.wait_for_peer(options_.timeout);
        if (reason == wait_end::peer) return true;
        over_ = true;
        if (reason == wait_end::interrupted) {
            print("\n");
        } else {
            fail({errc::io_timeout_reply, 0,
                  "no reply within " + format_duration(options_.timeout)});
        }
        return false;
    }

    // While a person types. False once there is nothing more to come.
    bool show_unrequested() {
        const auto received = connection_.receive();
        if (received) reader_.print_above(line_of(wording_.reply, *received));
        return received.has_value();
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
        if (!wording.empty()) print(line_of(wording, payload));
    }

    [[nodiscard]] std::string line_of(std::string_view wording, bytes payload) const {
        const auto& peer = connection_.peer();
        auto line = fmt::format(fmt::runtime(wording), fmt::arg("address", peer.remote.text()),
                                fmt::arg("local", python_address(peer.local)),
                                fmt::arg("text", console_text(payload)),
                                fmt::arg("literal", python_bytes(payload)));
        return options_.timestamps ? with_timestamps(line, timestamp()) : line;
    }

    blocking_connection& connection_;
    const lockstep_options& options_;
    const target& target_;
    const client_wording& wording_;
    line_reader reader_;
    bool over_ = false;
    int status_ = status_done;
};

}  // namespace

int talk_in_lockstep(blocking_connection& connection, const target& with,
                     const lockstep_options& options, history_file& history) {
    return lockstep(connection, with, options, history).run();
}

}  // namespace framewire
