#include "options.hpp"

#include "cli/file.hpp"
#include "framewire/codec/framing_table.hpp"
#include "framewire/core/escapes.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace framewire {
namespace {

constexpr std::chrono::milliseconds trial_duration{2'000};
constexpr std::chrono::milliseconds run_duration{10'000};
constexpr std::uint64_t threads_max = 1024;

[[noreturn]] void refuse(std::string_view option, const failure& why) {
    throw usage_error({fmt::format("{}: {}", option, why.message()), why.hint, why.place});
}

template <class T>
T accept(std::string_view option, result<T> parsed) {
    if (!parsed) refuse(option, parsed.error());
    return std::move(*parsed);
}

size_range parse_sizes(const std::string& text) {
    const auto dots = text.find("..");
    const auto smallest = accept("--size", parse_size(text.substr(0, dots)));
    const auto largest =
        dots == std::string::npos ? smallest : accept("--size", parse_size(text.substr(dots + 2)));
    if (largest > limits{}.assembled_bytes_max) refuse("--size", {"at most 16MiB"});
    if (smallest > largest) refuse("--size", {"the smaller size comes first"});
    return {smallest, largest};
}

void refuse_expectation(const std::string& text) {
    refuse("--expect", {fmt::format("'{}' is not echo, reply:TEXT, any or none", text)});
}

bool is_one_way(const framing& frames) {
    const std::string_view spec = frames.spec();
    const auto* const named = find_preset(spec.substr(0, spec.find(',')));
    return named != nullptr && named->is_one_way;
}

// What a named protocol or framing replies, unless the user says otherwise.
std::string usual_expectation(const target& to) {
    if (is_one_way(to.framing)) return "none";
    const std::string_view service = to.wording->service;
    constexpr std::string_view closing = ",close";
    if (service.starts_with("echo")) return "echo";
    if (service.starts_with("reply:") && service.ends_with(closing)) {
        return std::string(service.substr(0, service.size() - closing.size()));
    }
    return "any";
}

// With `-e`, the words of the command line may contain escapes.
std::string read_text(const bench_options& given, std::string_view option,
                      const std::string& text) {
    return given.escapes ? accept(option, unescape(text)) : text;
}

void read_expectation(const std::string& text, message_plan& into) {
    constexpr std::string_view reply = "reply:";
    if (text.starts_with(reply)) {
        into.expect = expectation::text;
        into.reply = text.substr(reply.size());
    } else if (text == "any") {
        into.expect = expectation::any;
    } else if (text == "none") {
        into.expect = expectation::none;
    } else if (text != "echo") {
        refuse_expectation(text);
    }
}

// All frames of `fixed:N` have one size.
std::optional<size_range> only_size(const framing& frames) {
    constexpr std::string_view fixed = "fixed:";
    const std::string_view spec = frames.spec();
    if (!spec.starts_with(fixed)) return std::nullopt;
    const auto size = parse_size(spec.substr(fixed.size(), spec.find(',') - fixed.size()));
    if (!size) return std::nullopt;
    return size_range{*size, *size};
}

message_plan plan_messages(const bench_options& given, const target& to) {
    message_plan messages;
    messages.size = only_size(to.framing).value_or(size_range{});
    if (!given.size.empty()) messages.size = parse_sizes(given.size);
    for (const auto& text : given.texts) {
        messages.texts.push_back(read_text(given, "--message", text));
    }
    for (const auto& path : given.payloads) {
        messages.texts.push_back(
            accept("--payload", read_file(path, limits{}.assembled_bytes_max)));
    }
    if (!given.size.empty() && !messages.texts.empty()) {
        refuse("--size", {"--message and --payload determine the size"});
    }
    if (given.first) messages.first = read_text(given, "--first", *given.first);
    messages.connections = given.connections;
    read_expectation(given.expect.empty() ? usual_expectation(to) : given.expect, messages);
    messages.reply = read_text(given, "--expect", messages.reply);
    return messages;
}

// An echo of bytes is an echo of frames of one size, too, and their replies can be told apart.
framing frames_of(const bench_options& given, const target& to) {
    const bool is_echo_of_bytes = to.framing.is_raw() && !given.target.framing.has_value() &&
                                  to.wording->service.starts_with("echo");
    if (!is_echo_of_bytes) return to.framing;
    const auto sizes = given.size.empty() ? size_range{} : parse_sizes(given.size);
    const auto fixed = framing::parse(fmt::format("fixed:{}", sizes.largest));
    return sizes.smallest == sizes.largest && fixed ? *fixed : to.framing;
}

workload plan_workload(const bench_options& given, target to) {
    to.framing = frames_of(given, to);
    auto work = workload::make(to.framing, plan_messages(given, to));
    if (!work) throw usage_error(work.error());
    return *std::move(work);
}

load_plan plan_load(const bench_options& given, const target& to, bool searches) {
    load_plan plan{.target = to.address, .messages = plan_workload(given, to)};
    plan.connections = given.connections;
    const bool open_loop = given.rate > 0 || searches;
    if (given.in_flight > 0) plan.in_flight = given.in_flight;
    const bool is_bounded = plan.expects_replies() && !open_loop;
    if (given.in_flight == 0 && !is_bounded) plan.in_flight = load_plan::in_flight_unbounded;
    if (given.in_flight > 0 && !plan.expects_replies()) {
        refuse("--in-flight", {"with --expect none, nothing waits for a reply"});
    }
    const bool closes = std::string_view(to.wording->service).ends_with(",close");
    plan.messages_per_connection = given.messages_per_connection;
    if (plan.messages_per_connection == 0 && closes) plan.messages_per_connection = 1;
    if (given.rate > 0) plan.rate = static_cast<double>(given.rate);
    if (given.threads > threads_max) refuse("--threads", {fmt::format("at most {}", threads_max)});
    plan.threads = static_cast<unsigned>(std::min(given.threads, given.connections));
    plan.count = given.count;
    const auto usual = given.count > 0 ? std::chrono::milliseconds(0) : run_duration;
    plan.duration = searches ? trial_duration : usual;
    if (given.duration.count() > 0) plan.duration = given.duration;
    plan.warm_up = given.warm_up;
    plan.ramp = given.ramp;
    plan.timeout = given.timeout;
    if (plan.timeout.count() == 0) refuse("--timeout", {"must be at least 1ms"});
    if (!given.source.empty()) plan.source = accept("--source", source_range::parse(given.source));
    if (plan.source && to.address.is_local()) refuse("--source", {"a local socket has none"});
    return plan;
}

std::optional<threshold> plan_search(const bench_options& given) {
    if (given.find_rate.empty()) return std::nullopt;
    const auto wanted = accept("--find-rate", threshold::parse(given.find_rate));
    if (!wanted.is_about_latency() || !wanted.is_upper_bound()) {
        refuse("--find-rate", {"is a latency to stay below, such as 'p99<5ms'"});
    }
    if (given.rate > 0) refuse("--rate", {"is what --find-rate searches for"});
    if (given.count > 0) refuse("--count", {"use --duration with --find-rate"});
    return wanted;
}

// A condition on what a run does not measure would never be missed.
threshold plan_condition(const std::string& text, const load_plan& load, bool is_open_loop) {
    auto limit = accept("--fail-if", threshold::parse(text));
    if (!limit.is_about_latency()) return limit;
    using series = threshold::series;
    const auto about = limit.about();
    const bool needs_reply = about == series::latency || about == series::uncorrected;
    const bool needs_rate = about == series::uncorrected || about == series::late;
    if (needs_reply && !load.expects_replies()) {
        refuse("--fail-if", {fmt::format("'{}': with --expect none there is no latency", text)});
    }
    if (needs_rate && !is_open_loop) {
        refuse("--fail-if", {fmt::format("'{}': only an open loop (--rate) has it", text)});
    }
    return limit;
}

}  // namespace

void add_bench_options(command_page& page, bench_options& into) {
    add_target_options(page, into.target, false);
    page.number("-c,--connections", into.connections, "keep N connections open", 1);
    page.number("-n,--in-flight", into.in_flight, "keep N messages in flight per connection", 1)
        .shown_default("1");
    page.number("-r,--rate", into.rate, "send N messages/s in all, without waiting for replies", 1)
        .shown_default("");
    page.duration("-d,--duration", into.duration, "measure for TIME").shown_default("10s");
    page.number("--count", into.count, "send N messages in all, then stop", 1).shown_default("");
    page.text("--size", into.size, "SIZES", "send messages of 64 bytes (default), 1KiB, 16..4096");
    page.texts("--message", into.texts, "TEXT",
               "send TEXT; {n} in it is the number of the message");
    page.text("--expect", into.expect, "REPLY", "expect replies: echo, reply:TEXT, any or none");

    page.group("Messages and connections");
    page.texts("--payload", into.payloads, "PATH",
               "send what PATH contains, with {n} as in --message; -: stdin")
        .seldom();
    page.flag("-e,--escapes", into.escapes, "read \\n, \\x02 and other escapes in messages")
        .seldom();
    page.text("--first", into.first, "TEXT", "send TEXT first on each connection").seldom();
    page.number("--messages-per-connection", into.messages_per_connection,
                "connect again after N messages and their replies", 1)
        .shown_default("")
        .seldom();
    page.duration("--warm-up", into.warm_up, "send for TIME before measuring").seldom();
    page.duration("--ramp", into.ramp, "spread opening the connections over TIME").seldom();
    page.duration("--timeout", into.timeout,
                  "give up connecting, or waiting for a reply, after "
                  "TIME")
        .seldom();
    page.number("-t,--threads", into.threads, "share the connections among N threads", 1).seldom();
    page.text("--source", into.source, "ADDRESSES",
              "connect from these addresses in turn, such as 127.0.0.0/8")
        .seldom();

    page.group("Results");
    page.text("--find-rate", into.find_rate, "CONDITION",
              "find the highest rate that keeps 'p99 < 5ms'");
    page.texts("--fail-if", into.fail_if, "CONDITION",
               "exit with status 3 if CONDITION holds: 'p99 > 5ms'");
    page.text("--json", into.json, "PATH", "write the report as JSON to PATH; -: stdout");
    page.text("--html", into.html, "PATH", "write the report as a page with diagrams to PATH")
        .seldom();
    page.text("--hdr", into.hdr, "PATH",
              "write the percentiles to PATH, for HdrHistogram's plotter")
        .seldom();
    page.text("--compare", into.compare, "PATH",
              "compare with the report that --json wrote to PATH")
        .seldom();
    add_tls_options(page, into.tls, tls_end::client);
}

bench_plan plan_bench(const bench_options& given) {
    const auto found = resolve(given.target, false);
    if (!found) throw usage_error(found.error());
    report_default_address(given.target, *found);
    if (!found->messages.empty())
        throw usage_error({"messages are given by --message or --payload"});
    auto wanted = plan_search(given);
    bench_plan plan{plan_load(given, *found, wanted.has_value()), std::move(wanted)};
    const bool is_open_loop = plan.load.rate || plan.find_rate;
    for (const auto& text : given.fail_if) {
        plan.fail_if.push_back(plan_condition(text, plan.load, is_open_loop));
    }
    if (plan.find_rate && !plan.load.expects_replies()) {
        refuse("--find-rate", {"with --expect none there is no latency"});
    }
    return plan;
}

}  // namespace framewire
