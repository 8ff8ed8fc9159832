#include "send.hpp"

#include "cli/options.hpp"
#include "cli/proxy_options.hpp"
#include "cli/tls_options.hpp"
#include "framewire/codec/framing_table.hpp"
#include "framewire/core/units.hpp"
#include "given_messages.hpp"
#include "input_messages.hpp"
#include "net/connect_to.hpp"
#include "output_options.hpp"
#include "run_transfer.hpp"
#include "transport/tls_transports.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace framewire {
namespace {

struct send_options {
    target_options target;
    std::vector<std::string> files;
    std::vector<std::string> hex;
    std::optional<std::string> framed;
    bool lines = false;
    bool escapes = false;

    std::optional<expected_replies> replies;
    bool no_reply = false;
    bool pipeline = false;
    bool strict = false;
    std::chrono::milliseconds timeout{5'000};
    std::optional<std::chrono::milliseconds> wait;
    std::chrono::milliseconds max_time{0};

    output_options output;
    std::uint64_t payload_bytes_max = limits{}.assembled_bytes_max;
    bool has_payload_max = false;
    int verbosity = 0;
    tls_options tls;
    proxy_options proxy;
};

// Silence after the last reply, until a server that does not end its stream is taken to be done.
constexpr std::chrono::milliseconds wait_after_replies{200};
// The same where nothing tells the last reply from others: a slow link may be silent for a while.
constexpr std::chrono::milliseconds wait_without_count{1'000};

result<void> read_replies(const std::string& text, std::optional<expected_replies>& into) {
    if (text == "all") {
        into = until_the_end{};
        return {};
    }
    const auto count = parse_number(text);
    if (!count) return tl::unexpected(failure{fmt::format("'{}' is not a number or 'all'", text)});
    into = exactly{*count};
    return {};
}

bool is_one_way(const target_options& given) {
    const auto word = given.framing         ? *given.framing
                      : given.words.empty() ? ""
                                            : given.words.front();
    const auto* const found = find_preset(word.substr(0, word.find(',')));
    return found != nullptr && found->is_one_way;
}

expected_replies replies_for(const send_options& options) {
    if (options.no_reply) return discarded{};
    if (options.replies) return *options.replies;
    if (is_one_way(options.target) && !options.strict) return none_due{};
    return one_each{};
}

reply_borders borders_for(const target& to) {
    if (!to.framing.is_raw()) return reply_borders::frames;
    return to.wording->name == "echo" ? reply_borders::as_many_bytes : reply_borders::none;
}

// Without framing, line feeds are all that is between the lines of standard input.
bool takes_all_input(const send_options& options, const target& to) {
    return borders_for(to) == reply_borders::none && !options.lines && !options.framed &&
           !options.escapes;
}

void check(const send_options& options, const target& to, bool has_messages) {
    const auto refuse = [](const char* words, const char* hint) {
        throw usage_error(failure{words, hint});
    };
    if (options.strict && options.replies)
        refuse("--strict expects one reply to each message, so --replies has no use", "");
    if (options.no_reply && (options.strict || options.replies)) {
        refuse("--no-reply discards replies, so there is nothing to count", "");
    }
    const bool counts =
        options.strict || (options.replies && std::holds_alternative<exactly>(*options.replies));
    if (counts && to.framing.is_raw()) {
        refuse("without framing there are no replies to count",
               "--framing SPEC, or --replies all");
    }
    if (has_messages && (options.framed || options.lines)) {
        refuse("--lines and --framed read messages from standard input, and some are given here",
               "--file - sends standard input as one message");
    }
    if (options.framed && options.lines) refuse("use either --lines or --framed, not both", "");
}

// A person reads replies as a whole, up to a readable size. A file takes replies of any size, in
// pieces.
void receive_as(const send_options& options, const output_form& form, transfer_plan& plan,
                limits& bounds) {
    constexpr std::uint64_t held_for_a_file = 1 * MiB;
    auto& held = bounds.assembled_bytes_max;
    const bool is_read = !form.path && !options.no_reply;
    plan.rules.held_bytes_max = held;
    plan.rules.bytes_max =
        options.has_payload_max || is_read ? options.payload_bytes_max : unknown_length;
    if (form.frames || form.is_json) {
        held = options.payload_bytes_max;
        return;
    }
    if ((options.has_payload_max || is_read) && options.payload_bytes_max <= held) {
        held = options.payload_bytes_max;
        return;
    }
    if (!is_read) held = held_for_a_file;
    plan.mode = delivery::pieces;
}

// The shorter of two times; zero is forever.
std::chrono::milliseconds shorter(std::chrono::milliseconds one, std::chrono::milliseconds other) {
    if (one.count() == 0 || other.count() == 0) return std::max(one, other);
    return std::min(one, other);
}

result<message_source> input_of(const send_options& options) {
    if (!options.framed) {
        return [from = std::make_shared<input_messages>(options.escapes)] { return from->next(); };
    }
    const auto frames = framing::parse(*options.framed);
    if (!frames) {
        throw usage_error(
            {"--framed: " + frames.error().message(), "framewire framings lists them"});
    }
    if (frames->is_raw()) throw usage_error({"--framed: raw has no frames", ""});
    return [from = std::make_shared<input_messages>(*frames, options.payload_bytes_max)] {
        return from->next();
    };
}

transfer_plan plan_for(const send_options& options, const target& to, bool has_messages,
                       std::size_t count) {
    const auto replies = replies_for(options);
    const auto borders = borders_for(to);
    const bool has_borders = borders != reply_borders::none;
    const bool is_counted = has_borders && !std::holds_alternative<none_due>(replies);
    transfer_plan plan{
        .frames = to.framing,
        .wording = to.wording->client,
        .replies = replies,
        .in_lockstep =
            has_borders && !options.pipeline && std::holds_alternative<one_each>(replies),
        .is_strict = options.strict,
        .timeout = options.timeout,
        .end_after = options.wait.value_or(wait_after_replies),
        .wait = options.wait.value_or(is_counted ? wait_after_replies : wait_without_count),
        .shows_progress = options.verbosity == 0};
    if (has_messages) plan.messages = count;
    plan.rules.borders = borders;
    plan.rules.lengths_are_bytes = to.framing.counts() != counting::in_characters;
    return plan;
}

result<void> refuse_to_overwrite(const reply_output& replies, const std::vector<message>& all) {
    for (const auto& one : all) {
        const auto* file = std::get_if<message_file>(&one);
        if (file == nullptr || !replies.replaces(file->native_handle())) continue;
        return tl::unexpected(
            failure{fmt::format("'{}' would be overwritten while it is sent", file->path()),
                    "give --output another path"});
    }
    return {};
}

result<void> send(const send_options& options, const target& to, const output_form& form,
                  std::vector<message> all, message_source input) {
    const bool has_messages = input == nullptr;
    auto replies = reply_output::open(form);
    if (!replies) return tl::unexpected(replies.error());
    if (auto may = refuse_to_overwrite(*replies, all); !may) return may;

    auto plan = plan_for(options, to, has_messages, all.size());
    transfer_setting setting{.verbosity = options.verbosity, .events = options.output.events};
    receive_as(options, form, plan, setting.limits);
    if (options.timeout.count() == 0) {
        setting.limits.header_deadline = setting.limits.body_deadline = options.timeout;
    }
    if (options.max_time.count() > 0) {
        setting.until = std::chrono::steady_clock::now() + options.max_time;
    }
    setting.announces = options.proxy.announcement();
    if (const auto tls = client_tls(options.tls, to.address, "send")) {
        auto made = tls_client_transports(*tls, to.address.host);
        if (!made) return tl::unexpected(made.error());
        setting.make_transport = *std::move(made);
    }
    auto socket = connect_to(to.address, shorter(options.timeout, options.max_time));
    if (!socket) return tl::unexpected(socket.error());
    if (auto cleared = replies->clear(); !cleared) return cleared;
    const auto end =
        run_transfer(std::move(*socket), plan, setting,
                     has_messages ? messages_of(std::move(all)) : std::move(input), *replies);
    if (!end) return tl::unexpected(end.error());
    if (!end->by_time) return {};
    return tl::unexpected(
        failure{"not done within " + format_duration(options.max_time), "raise --max-time"});
}

int run_send(send_options options, const std::vector<given_word>& all,
             std::vector<std::string> after_border) {
    const given_messages given(all);
    options.target.words = given.words();
    options.target.messages = after_border;
    const auto found = resolve(options.target, true);
    if (!found) throw usage_error(found.error());
    report_default_address(options.target, *found);
    const auto form = form_of(options.output, found->framing);
    const auto of_target = given.words().size() + after_border.size() - found->messages.size();
    auto messages = given.open(of_target, after_border, options.escapes, found->framing,
                               options.payload_bytes_max);
    if (!messages) {
        return status_of("send", tl::unexpected(messages.error()), options.output.events);
    }
    check(options, *found, !messages->empty());
    message_source input;
    if (messages->empty() && takes_all_input(options, *found)) {
        auto all_input = open_message("-", found->framing, options.payload_bytes_max);
        if (!all_input) {
            return status_of("send", tl::unexpected(all_input.error()), options.output.events);
        }
        messages->push_back(std::move(*all_input));
    }
    if (messages->empty()) input = *input_of(options);
    const auto done = send(options, *found, form, std::move(*messages), std::move(input));
    return status_of("send", done, options.output.events);
}

constexpr const char* notes =
    "Messages are sent in the order of the command line. Words after -- are messages, whatever "
    "they look like. Without messages, --hex or --file, each line of standard input is one.\n\n"
    "Each message waits for the reply to the one before it. After the last reply, whatever else "
    "arrives is printed until the server ends its stream or is silent for --wait. If a reply is "
    "missing, the exit status is 1. The framings syslog and gelf expect no replies.\n\n"
    "Replies end with a line feed on standard output, but not in --output. A TIME of 0 means no "
    "limit.";

void add_message_options(command_page& page, send_options& options) {
    page.group("Messages");
    page.texts("--file", options.files, "PATH...",
               "send these files, each as one message; -: stdin");
    page.flag("-e,--escapes", options.escapes, R"(read \x02 \0 \r \n \t \\ \u00e9 in messages)");
    page.texts("--hex", options.hex, "BYTES",
               "send these bytes as one message, such as '02 48 69'");
    page.flag("--lines", options.lines, "send each line of stdin as one message (the default)")
        .seldom();
    page.text("--framed", options.framed, "SPEC",
              "read frames of SPEC from stdin, and send the payload of each")
        .seldom();
}

void add_reply_options(command_page& page, send_options& options) {
    page.group("Replies");
    page.value(
        "--replies", "N|all", "wait for N replies in all, or until the server closes",
        [&options](const std::string& text) { return read_replies(text, options.replies); });
    page.flag("--no-reply", options.no_reply, "do not wait for replies, and print none");
    page.flag("--pipeline", options.pipeline, "send without waiting for replies").seldom();
    page.flag("--strict", options.strict, "fail unless each message gets exactly one reply")
        .seldom();
    page.value("--wait", "TIME", "print what arrives after the last reply, until TIME of silence",
               [&options](const std::string& text) {
                   return parse_duration(text).map([&](auto time) { options.wait = time; });
               })
        .shown_default(format_duration(wait_after_replies))
        .seldom();
    page.duration("--timeout", options.timeout, "give up after TIME without a reply");
    page.duration("--max-time", options.max_time, "give up everything after TIME (default: never)")
        .shown_default("")
        .seldom();
}

}  // namespace

command add_send(command_page& page) {
    const auto options = std::make_shared<send_options>();
    add_target_options(page, options->target, true);
    add_message_options(page, *options);
    add_reply_options(page, *options);
    page.group("Output");
    add_output_options(page, options->output);
    auto payload_max = page.size("--max-payload", options->payload_bytes_max,
                                 "accept replies, and hold input, of at most SIZE");
    payload_max.seldom();
    add_verbosity(page, options->verbosity);
    add_tls_options(page, options->tls, tls_end::client);
    add_proxy_options(page, options->proxy);
    page.notes(notes);
    page.describe("send [PROTOCOL|FRAMING] [ADDRESS] [MESSAGE...] [OPTIONS]",
                  "  framewire send walkthrough Hello 'Hello again'\n"
                  "  framewire send mllp :2575 --file *.txt\n"
                  "  framewire send u32be :7000 -e '\\x02Hi\\0' --output 'reply-%d.bin'");
    return [options, payload_max, page](std::vector<std::string> messages) {
        options->has_payload_max = payload_max.given();
        return run_send(*options, page.in_order(), std::move(messages));
    };
}

}  // namespace framewire
