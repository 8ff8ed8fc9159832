#include "options.hpp"

#include "cli/file.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace framewire {
namespace {

// In the open loop: so many are in flight only if the server cannot keep up.
constexpr std::uint64_t open_loop_in_flight = 65'536;
constexpr std::chrono::milliseconds trial_duration{2'000};
constexpr std::chrono::milliseconds run_duration{10'000};
constexpr std::uint64_t threads_max = 1024;

[[noreturn]] void refuse(std::string_view option, const failure& why) {
    throw usage_error({fmt::format("{}: {}", option, why.message()), why.hint});
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

std::string read_payload(const std::string& path) {
    return accept("--payload", read_file(path, limits{}.assembled_bytes_max));
}

message_plan plan_messages(const bench_options& given, const target& to) {
    message_plan messages;
    if (!given.size.empty()) messages.size = parse_sizes(given.size);
    if (!given.payload.empty()) {
        if (!given.size.empty()) refuse("--size", {"the size is that of --payload"});
        messages.payload = read_payload(given.payload);
        messages.size = {messages.payload->size(), messages.payload->size()};
    }
    // The service of a named protocol may not echo.
    const bool echoes = to.wording->service.starts_with("echo");
    const std::string expect = !given.expect.empty() ? given.expect : echoes ? "echo" : "any";
    constexpr std::string_view reply = "reply:";
    if (expect.starts_with(reply)) {
        messages.expect = expectation::text;
        messages.reply = expect.substr(reply.size());
    } else if (expect == "any") {
        messages.expect = expectation::any;
    } else if (expect != "echo") {
        refuse("--expect", {fmt::format("'{}' is not echo, reply:TEXT or any", expect)});
    }
    return messages;
}

workload plan_workload(const bench_options& given, const target& to) {
    auto work = workload::make(to.framing, plan_messages(given, to));
    if (!work) throw usage_error(work.error());
    return *std::move(work);
}

load_plan plan_load(const bench_options& given, const target& to, bool searches) {
    load_plan plan{.target = to.address, .messages = plan_workload(given, to)};
    plan.connections = given.connections;
    const bool open_loop = given.rate > 0 || searches;
    if (given.in_flight > 0) plan.in_flight = given.in_flight;
    if (given.in_flight == 0 && open_loop) plan.in_flight = open_loop_in_flight;
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
    if (wanted.is_about_rate() || !wanted.is_upper_bound()) {
        refuse("--find-rate", {"is a latency to stay below, such as 'p99<5ms'"});
    }
    if (given.rate > 0) refuse("--rate", {"is what --find-rate looks for"});
    if (given.count > 0) refuse("--count", {"--find-rate measures for a --duration"});
    return wanted;
}

}  // namespace

void add_bench_options(command_page& page, bench_options& into) {
    add_target_options(page, into.target, false);
    page.number("-c,--connections", into.connections, "open at once", 1);
    page.number("-n,--in-flight", into.in_flight, "messages of each that wait for replies", 1)
        .shown_default("1");
    page.number("-r,--rate", into.rate, "messages/s in all, sent on time (open loop)", 1)
        .shown_default("");
    page.text("--expect", into.expect, "REPLY", "echo, reply:TEXT or any");
    page.text("--size", into.size, "SIZES", "bytes of a message: 64 (the default), or 16..4096");
    page.text("--payload", into.payload, "PATH", "the file is each message; - is stdin");
    page.duration("-d,--duration", into.duration, "how long to measure").shown_default("10s");
    page.number("--count", into.count, "or how many messages to send in all", 1).shown_default("");
    page.duration("--warm-up", into.warm_up, "before that, and not recorded");
    page.duration("--ramp", into.ramp, "to open the connections in, before that");
    page.duration("--timeout", into.timeout, "to connect, and to wait for a reply");
    page.number("-t,--threads", into.threads, "that share the connections", 1);
    page.text("--source", into.source, "ADDRESSES", "to connect from, in turn: 127.0.0.0/8");
    page.text("--find-rate", into.find_rate, "CONDITION", "look for the highest rate: 'p99<5ms'");
    page.texts("--fail-if", into.fail_if, "CONDITION",
               "exit with status 3: 'p99>5ms', 'rate<1000'");
    page.text("--json", into.json, "PATH", "write the report for programs; - is stdout");
    page.text("--html", into.html, "PATH", "write the report as a page with diagrams");
}

bench_plan plan_bench(const bench_options& given) {
    const auto found = resolve(given.target, false);
    if (!found) throw usage_error(found.error());
    if (!found->messages.empty()) throw usage_error({"messages are numbered, or a --payload"});
    auto wanted = plan_search(given);
    bench_plan plan{plan_load(given, *found, wanted.has_value()), std::move(wanted)};
    for (const auto& text : given.fail_if) {
        plan.fail_if.push_back(accept("--fail-if", threshold::parse(text)));
    }
    return plan;
}

}  // namespace framewire
