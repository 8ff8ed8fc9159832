#include "talk.hpp"

#include "cli/options.hpp"
#include "cli/print.hpp"
#include "cli/transcript_log.hpp"
#include "framewire/core/units.hpp"
#include "net/connect_to.hpp"
#include "net/connection_plan.hpp"
#include "net/event_loop.hpp"
#include "transfer.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

namespace framewire {
namespace {

struct send_options {
    target_options target;
    std::vector<std::string> files;
    std::optional<std::string> output;
    std::chrono::milliseconds timeout{5'000};
    std::chrono::milliseconds max_time{0};
    std::uint64_t payload_bytes_max = limits{}.assembled_bytes_max;
    bool has_payload_max = false;
    bool no_reply = false;
    int verbosity = 0;
};

// A file is read during the send, unless its length must be announced and is unknown.
result<message> open_message(const std::string& path, const framing& frames,
                             std::uint64_t held_bytes_max) {
    auto file = message_file::open(path);
    if (!file) return tl::unexpected(file.error());
    if (file->size() == unknown_length) {
        if (frames.announces_length()) return file->read_all(held_bytes_max);
    } else if (auto scanned = file->scan(frames); !scanned) {
        return tl::unexpected(scanned.error());
    }
    return std::move(*file);
}

result<std::vector<message>> open_messages(const send_options& options, const target& to) {
    std::vector<message> all(to.messages.begin(), to.messages.end());
    for (const auto& path : options.files) {
        auto opened = open_message(path, to.framing, options.payload_bytes_max);
        if (!opened) return tl::unexpected(opened.error());
        all.push_back(std::move(*opened));
    }
    return all;
}

result<reply_output> open_output(const send_options& options, const std::vector<message>& all) {
    if (!options.output) return reply_output::lines();
    auto opened = reply_output::open(*options.output);
    for (const auto& one : all) {
        const auto* file = std::get_if<message_file>(&one);
        if (!opened || file == nullptr || !opened->replaces(file->native_handle())) continue;
        return tl::unexpected(
            failure{fmt::format("'{}' would be overwritten while it is sent", file->path()),
                    "give --output another path"});
    }
    return opened;
}

struct reception {
    framewire::limits limits;
    delivery mode = delivery::whole;
};

// A person reads replies as a whole, up to a readable size. A file takes replies of any size, in
// pieces.
reception reception_for(const send_options& options) {
    constexpr std::uint64_t held_for_a_file = 1 * MiB;
    reception how;
    auto& held = how.limits.assembled_bytes_max;
    const bool is_read = !options.output && !options.no_reply;
    if ((options.has_payload_max || is_read) && options.payload_bytes_max <= held) {
        held = options.payload_bytes_max;
        return how;
    }
    if (!is_read) held = held_for_a_file;
    how.mode = delivery::pieces;
    return how;
}

transfer::source source_of(std::vector<message> all) {
    auto rest = std::make_shared<std::vector<message>>(std::move(all));
    return [rest, next = std::size_t{0}]() mutable -> std::optional<message> {
        if (next == rest->size()) return std::nullopt;
        return std::move((*rest)[next++]);
    };
}

// Ends the loop when the time for everything is over: a server that trickles is never silent.
class time_limit final : private timer {
public:
    time_limit(event_loop& loop, time_point due) : loop_(loop), due_(due) {
        loop.timers().arm(*this, due);
    }
    [[nodiscard]] bool is_over() const noexcept { return is_over_; }

private:
    time_point on_timer(time_point now) override {
        if (now < due_) return due_;
        is_over_ = true;
        loop_.finish();
        return time_point::max();
    }

    event_loop& loop_;
    time_point due_;
    bool is_over_ = false;
};

// Of two times the one that is over first; zero is never.
std::chrono::milliseconds shorter(std::chrono::milliseconds one, std::chrono::milliseconds other) {
    if (one.count() == 0 || other.count() == 0) return std::max(one, other);
    return std::min(one, other);
}

std::optional<message> next_line() {
    std::string line;
    if (!std::getline(std::cin, line)) return std::nullopt;
    return line;
}

result<void> send(const send_options& options, const target& to) {
    auto all = open_messages(options, to);
    if (!all) return tl::unexpected(all.error());
    auto replies = open_output(options, *all);
    if (!replies) return tl::unexpected(replies.error());

    output errors(STDERR_FILENO, output::pace::in_step);
    if (options.verbosity > 0) {
        if (auto started = errors.start(); !started) return started;
    }
    transcript_log transcript(to.framing, options.verbosity, errors);
    const auto [limits, mode] = reception_for(options);
    const auto begin = std::chrono::steady_clock::now();
    auto socket = connect_to(to.address, shorter(options.timeout, options.max_time));
    if (!socket) return tl::unexpected(socket.error());
    if (auto cleared = replies->clear(); !cleared) return cleared;

    const transfer_plan plan{.frames = to.framing,
                             .wording = to.wording->client,
                             .wants_reply = !options.no_reply,
                             .timeout = options.timeout,
                             .shows_progress = options.verbosity == 0,
                             .reply_bytes_max = options.has_payload_max || !options.output
                                                    ? options.payload_bytes_max
                                                    : unknown_length,
                             .held_bytes_max = framewire::limits{}.assembled_bytes_max,
                             .mode = mode};
    const auto loop = std::make_unique<event_loop>();
    transfer exchange(*loop, plan, all->empty() ? next_line : source_of(std::move(*all)),
                      *replies);
    const auto shared = std::make_shared<connection_plan>(
        to.framing, limits, [&] { return exchange.make_service(); },
        options.verbosity > 0 ? &transcript : nullptr, connection_role::connected);
    if (auto opened = loop->open(shared, {std::move(*socket)}); !opened) {
        return tl::unexpected(failure{make_error_code(opened.error().why).message()});
    }
    std::optional<time_limit> all_time;
    if (options.max_time.count() > 0) all_time.emplace(*loop, begin + options.max_time);
    loop->run();
    loop->abort();  // the transfer hears of the end as long as it exists
    if (all_time && all_time->is_over()) {
        return tl::unexpected(
            failure{"not done within " + format_duration(options.max_time), "raise --max-time"});
    }
    auto done = exchange.outcome();
    return done.and_then([&] { return replies->close(); });
}

int run_send(send_options options, std::vector<std::string> behind_border) {
    options.target.messages = std::move(behind_border);
    const auto found = resolve(options.target, true);
    if (!found) throw usage_error(found.error());
    const auto done = send(options, *found);
    if (!done) report("send", done.error());
    return done ? status_done : status_failed;
}

}  // namespace

command add_send(command_page& page) {
    const auto options = std::make_shared<send_options>();
    add_target_options(page, options->target, true);
    page.texts("--file", options->files, "PATH",
               "send the file's bytes as one message; - is stdin");
    page.text("-o,--output", options->output, "PATH",
              "write the replies' bytes there; - is stdout");
    page.duration("--timeout", options->timeout,
                  "to connect, and of silence in a reply; 0 is ever");
    page.duration("--max-time", options->max_time, "for everything, with connecting; 0 is ever");
    page.flag("--no-reply", options->no_reply, "do not wait for replies");
    const auto payload_max = page.size("--max-payload", options->payload_bytes_max,
                                       "largest reply (--output: any), and held input");
    add_verbosity(page, options->verbosity);
    page.describe(
        "send [PROTOCOL] [ADDRESS] [--framing SPEC] [MESSAGE...]",
        "  framewire send walkthrough Hello 'Hello again'\n"
        "  framewire send 127.0.0.1:7000 -f digits:10 --file letter.txt --output copy.txt\n"
        "  ls | framewire send acknowledge\n"
        "  framewire send echo -- --framing\n"
        "Without messages and files, each line of standard input is one.");
    return [options, payload_max](std::vector<std::string> messages) {
        options->has_payload_max = payload_max.given();
        return run_send(*options, std::move(messages));
    };
}

}  // namespace framewire
