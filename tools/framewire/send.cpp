#include "commands.hpp"
#include "exchange.hpp"
#include "framewire/net/client.hpp"
#include "observers.hpp"
#include "options.hpp"
#include "print.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

namespace framewire {
namespace {

struct send_options {
    target_options target;
    std::vector<std::string> files;
    client_settings settings;
    bool no_reply = false;
    bool verbose = false;
};

result<std::string> read_file(const std::string& path) {
    const bool is_stdin = path == "-";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
        is_stdin ? stdin : std::fopen(path.c_str(), "rb"),
        is_stdin ? [](std::FILE* /*kept*/) { return 0; } : std::fclose);
    std::string content;
    std::array<char, 64 * KiB> part{};
    while (file) {
        const auto size = std::fread(part.data(), 1, part.size(), file.get());
        content.append(part.data(), size);
        if (size < part.size()) break;
    }
    if (!file || std::ferror(file.get()) != 0) {
        return tl::unexpected(
            failure{fmt::format("cannot read '{}': {}", path, system_words(errno))});
    }
    return content;
}

class sender {
public:
    sender(client& connection, const target& to, bool no_reply)
        : connection_(connection), to_(to), no_reply_(no_reply) {}

    bool send(bytes message) {
        const auto sent = connection_.send(message);
        if (!sent) return fail(sent.error());
        if (no_reply_) return true;
        const auto reply = collect_reply(connection_, message.size(), to_.framing.is_raw());
        if (!reply) return fail(reply.error());
        if (print(*reply + '\n')) return true;
        report("send", {fmt::format("cannot write: {}", system_words(errno))});
        return false;
    }

private:
    [[nodiscard]] bool fail(const wire_error& error) const {
        report("send", explain(error, to_.wording->client));
        return false;
    }

    client& connection_;
    const target& to_;
    bool no_reply_;
};

// Closing with replies unread would reset the connection, and cost messages that are still on
// their way (RFC 9112, section 9.6). So the server is told that no more will come, and heard out.
void leave(client& connection) {
    connection.finish_sending();
    while (connection.receive()) {
    }
}

bool send_all(sender& to, const std::vector<std::string>& messages) {
    for (const auto& message : messages) {
        if (!to.send(message)) return false;
    }
    return true;
}

bool send_lines(sender& to, std::istream& from) {
    for (std::string line; std::getline(from, line);) {
        if (!to.send(line)) return false;
    }
    return true;
}

int run_send(send_options options, std::vector<std::string> behind_border) {
    options.target.messages = std::move(behind_border);
    const auto found = resolve(options.target, true);
    if (!found) throw usage_error(found.error());
    auto messages = found->messages;
    for (const auto& path : options.files) {
        auto content = read_file(path);
        if (!content) {
            report("send", content.error());
            return status_failed;
        }
        messages.push_back(std::move(*content));
    }

    output errors(STDERR_FILENO);
    transcript_log transcript(found->framing, errors);
    if (options.verbose) options.settings.watch = &transcript;
    options.settings.connect_timeout = options.settings.timeout;
    auto connection = client::connect(found->address, found->framing, options.settings);
    if (!connection) {
        report("send", connection.error());
        return status_failed;
    }
    sender to(*connection, *found, options.no_reply);
    const bool done = messages.empty() ? send_lines(to, std::cin) : send_all(to, messages);
    if (done && options.no_reply) leave(*connection);
    return done ? status_done : status_failed;
}

}  // namespace

command add_send(CLI::App& app) {
    auto* page = app.add_subcommand("send", "send messages from a script, print the replies");
    const auto options = std::make_shared<send_options>();
    add_target_options(*page, options->target, true);
    page->add_option("--file", options->files, "send the file's bytes as one message; - is stdin")
        ->type_name("PATH")
        ->allow_extra_args(false);
    add_duration(*page, "--timeout", options->settings.timeout,
                 "for connecting and for each reply; 0 waits for ever");
    page->add_flag("--no-reply", options->no_reply, "do not wait for replies");
    add_size(*page, "--max-payload", options->settings.limits.assembled_bytes_max,
             "largest reply");
    page->add_flag("-v,--verbose", options->verbose, "the transcript on standard error");
    describe(*page, "send [PROTOCOL] [ADDRESS] [--framing SPEC] [MESSAGE...]",
             "  framewire send walkthrough Hello 'Hello again'\n"
             "  framewire send 127.0.0.1:7000 --framing digits:10 --file letter.txt\n"
             "  ls | framewire send acknowledge\n"
             "  framewire send echo -- --framing\n"
             "Without messages and files, each line of standard input is one.");
    return [options](std::vector<std::string> messages) {
        return run_send(*options, std::move(messages));
    };
}

}  // namespace framewire
