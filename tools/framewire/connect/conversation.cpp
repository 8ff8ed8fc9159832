#include "conversation.hpp"

#include "cli/event_options.hpp"
#include "cli/explain.hpp"
#include "cli/file.hpp"
#include "cli/print.hpp"
#include "cli/protocols.hpp"
#include "cli/python_text.hpp"
#include "cli/timestamp.hpp"
#include "framewire/core/escapes.hpp"
#include "framewire/core/units.hpp"
#include "line_reader.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

namespace framewire {
namespace {

constexpr std::string_view help =
    "Enter sends the line. Messages from the server are printed as they arrive.\n"
    "  /file PATH     send a file as one message\n"
    "  /hex 02 48 69  send these bytes\n"
    "  /escapes       read \\x02 \\0 \\r \\n \\t \\\\ \\u00e9 in messages; again: as typed\n"
    "  //text         send /text\n"
    "  /help          show this list\n"
    "  /quit          quit, like Ctrl-D\n"
    "Ctrl-C clears the line, or quits if it is empty. Tab completes a path after /file.\n";

// A server that sends without a pause leaves time for the person.
constexpr std::size_t printed_together_max = 64 * KiB;

// Many servers discard the replies that they owe when they see our end.
constexpr std::chrono::milliseconds before_end{1'000};

// As a shell would read it, and as it is completed: a space ends it. `-` is a file here.
std::string path_of(std::string_view typed) {
    std::string path;
    const char* const home = std::getenv("HOME");
    if (home != nullptr && typed.starts_with("~/")) {
        path = home;
        typed.remove_prefix(1);
    }
    while (!typed.empty() && typed != " ") {
        if (typed.front() == '\\' && typed.size() > 1) typed.remove_prefix(1);
        path += typed.front();
        typed.remove_prefix(1);
    }
    return path == "-" ? "./-" : path;
}

class conversation {
public:
    conversation(blocking_connection& connection, const framing& frames,
                 const conversation_options& options, history_file& history)
        : connection_(connection),
          frames_(frames),
          options_(options),
          escapes_(options.escapes),
          reader_({connection.native_handle(), descriptor_of(options)}, &history,
                  [this] { return receive(); }) {
        reader_.complete_paths_after("/file ");
    }

    int run() {
        if (reader_.edits() && options_.events == nullptr) {
            print(fmt::format(fmt::runtime(wording_.connected),
                              fmt::arg("address", connection_.peer().remote.text())));
        }
        while (!over_) read_line();
        connection_.flush([this] { (void)receive(); });
        return status_;
    }

private:
    static int descriptor_of(const conversation_options& options) noexcept {
        if (options.events != nullptr) return options.events->native_handle();
        return options.notes != nullptr ? options.notes->reading_end() : -1;
    }

    void read_line() {
        std::string line;
        switch (reader_.read(reader_.edits() ? std::string(wording_.prompt) : "", line)) {
            case wait_end::line: return take(line);
            case wait_end::end: return reader_.edits() ? leave() : receive_to_end();
            case wait_end::interrupted:
                if (reader_.had_text()) return reader_.erase();
                return leave();
            case wait_end::peer: return report_end();
        }
    }

    void leave() {
        if (reader_.edits()) print("\n");
        over_ = true;
    }

    // For programs, lines are messages and nothing else.
    void take(const std::string& line) {
        if (!reader_.edits() || !line.starts_with('/')) return send_typed(line);
        if (line.starts_with("//")) return send_typed(line.substr(1));
        const auto end = line.find(' ');
        const auto word = line.substr(0, end);
        const auto rest = end == std::string::npos ? "" : line.substr(end + 1);
        if (word == "/quit") {
            over_ = true;
        } else if (word == "/help") {
            print(help);
        } else if (word == "/escapes") {
            escapes_ = !escapes_;
            print(escapes_ ? "escapes are read in messages\n" : "messages are sent as typed\n");
        } else if (word == "/hex") {
            if (rest.empty()) return complain({"/hex needs bytes", "for instance /hex 02 48 69"});
            send_if(parse_hex(rest));
        } else if (word == "/file") {
            if (rest.empty()) return complain({"/file needs a path"});
            send_if(read_file(path_of(rest), limits{}.assembled_bytes_max));
        } else {
            complain({fmt::format("{} is not a command", word),
                      "/help lists them; // sends a message that begins with /"});
        }
    }

    void send_typed(const std::string& line) { escapes_ ? send_if(unescape(line)) : send(line); }

    void send_if(const result<std::string>& message) {
        message ? send(*message) : complain(message.error());
    }

    // The server may take no more until its own messages are received.
    void send(bytes message) {
        const auto sent = connection_.send(message, [this] { (void)receive(); });
        if (!sent) return complain(explain(sent.error(), wording_));
        ++sent_;
    }

    // Where a program sends, nobody is there to send it again.
    void complain(const failure& why) {
        report("connect", why);
        if (!reader_.edits()) status_ = status_failed;
    }

    // Prints what has arrived; false at the end.
    bool receive() {
        auto* const events = options_.events;
        std::string text;
        if (events != nullptr) text = events->take();
        if (options_.notes != nullptr) text += options_.notes->read();
        while (connection_.ready() && !ended_ && text.size() < printed_together_max) {
            auto received = connection_.receive();
            if (!received) {
                ended_ = received.error();
                break;
            }
            ++received_;
            if (events == nullptr) text += shown(*received);
        }
        if (!text.empty()) reader_.print_above(text);
        return !ended_;
    }

    std::string shown(bytes payload) {
        auto text = text_of(payload);
        return options_.timestamps ? with_timestamps(text, timestamp()) : text;
    }

    std::string text_of(bytes payload) {
        const bool is_raw = frames_.is_raw();
        if (!is_terminal_ && is_raw && !options_.timestamps) return std::string(payload);
        if (!is_terminal_ || options_.raw) return std::string(payload) + '\n';
        if (!is_raw) return console_text(payload) + '\n';
        // Reads have no meaning, so a character may be cut, and a line may be complete.
        const auto joined = std::exchange(cut_, {}) + std::string(payload);
        const auto whole = whole_characters(joined);
        cut_ = joined.substr(whole.size());
        return terminal_text(whole) + (whole.ends_with('\n') ? "" : "\n");
    }

    void receive_to_end() {
        input_ended_ = true;
        const bool is_brief = options_.timeout.count() > 0 && options_.timeout < before_end;
        receive_until_silent(is_brief ? options_.timeout : before_end, true);
        connection_.end_stream();
        receive_until_silent(options_.timeout, false);
        over_ = true;
    }

    // As far as one can tell: reads, without framing, say nothing.
    [[nodiscard]] bool is_answered() const noexcept {
        return !frames_.is_raw() && sent_ > 0 && received_ >= sent_;
    }

    void receive_until_silent(std::chrono::milliseconds pause, bool or_answered) {
        while (!over_ && !(or_answered && is_answered())) {
            const auto reason = reader_.wait_for_peer(pause);
            if (reason == wait_end::end) return;
            if (reason == wait_end::interrupted) over_ = true;
            if (reason == wait_end::peer && !receive()) report_end();
        }
    }

    void report_end() {
        if (reader_.edits()) print("\n");
        over_ = true;
        const bool is_closed = ended_->code == errc::io_closed;
        const bool is_json = options_.events != nullptr;
        if (is_closed && reader_.edits() && !is_json) return print(wording_.server_left);
        if (is_closed && (reader_.edits() || input_ended_ || reader_.at_end())) return;
        status_ = status_failed;
        report("connect",
               is_closed ? failure{"the server closed the connection before the end of the input"}
                         : explain(*ended_, wording_),
               {.json = is_json});
    }

    blocking_connection& connection_;
    const framing& frames_;
    const conversation_options& options_;
    const client_wording& wording_ = unnamed_protocol().client;
    bool escapes_;
    line_reader reader_;
    const bool is_terminal_ = ::isatty(STDOUT_FILENO) != 0;
    std::optional<wire_error> ended_;
    std::string cut_;         // the beginning of a character
    std::uint64_t sent_ = 0;  // messages
    std::uint64_t received_ = 0;
    bool input_ended_ = false;
    bool over_ = false;
    int status_ = status_done;
};

}  // namespace

int converse(blocking_connection& connection, const framing& frames,
             const conversation_options& options, history_file& history) {
    return conversation(connection, frames, options, history).run();
}

}  // namespace framewire
