#include "options.hpp"

#include "cli/options.hpp"
#include "framewire/core/escapes.hpp"
#include "process_memory.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {
namespace {

std::string_view service_of(const check_options& given, const target& to) {
    if (!given.service.empty()) return given.service;
    return to.wording->service.empty() ? "echo" : to.wording->service;
}

// Options that mean nothing beside `--listen`.
std::string_view option_for_servers(const check_options& given) {
    if (!given.messages.empty()) return "--message";
    if (given.parallel != 1) return "--parallel";
    if (given.process != 0) return "--pid";
    return {};
}

void add_selection_options(command_page& page, check_options& into) {
    page.group("Cases");
    page.values("--only", "NAMES", "check only these cases: numbers, names or kinds",
                [&into](const std::string& text) { return into.selection.add_only(text); });
    page.values("--exclude", "NAMES", "do not check these",
                [&into](const std::string& text) { return into.selection.add_excluded(text); });
    page.flag("--list", into.lists, "print the cases, and check nothing");
}

void add_report_options(command_page& page, check_options& into) {
    page.group("Report");
    page.value("--report", "FORMAT", "print text, json, junit, html or tap",
               [&into](const std::string& text) {
                   return parse_report_format(text).map(
                       [&](report_format format) { into.format = format; });
               })
        .shown_default("text");
    page.text("--output", into.output, "PATH", "write that to PATH, and print text");
    page.text("--record", into.recordings, "PATH",
              "write the conversation of each case that is not passed to folder PATH")
        .seldom();
}

}  // namespace

check_subject subject_of(const check_options& given, const target& to) {
    std::vector<std::string> messages;
    for (const auto& text : given.messages) {
        auto message = given.escapes ? unescape(text) : result<std::string>(text);
        if (!message) throw usage_error({"--message: " + message.error().message()});
        messages.push_back(*std::move(message));
    }
    auto subject = check_subject::make(to.framing, service_of(given, to), messages);
    if (!subject) throw usage_error(subject.error());
    return *std::move(subject);
}

void check_options_of_end(const check_options& given) {
    if (!given.listens && !given.command.empty()) {
        throw usage_error({"--command needs --listen: it runs a client"});
    }
    const auto process = static_cast<pid_t>(given.process);
    const bool is_one = std::cmp_equal(process, given.process) && process >= 0;
    if (given.process != 0 && !(is_one && memory_of(process))) {
        throw usage_error(
            {fmt::format("--pid: the memory of process {} cannot be read", given.process)});
    }
    if (given.process != 0 && given.parallel != 1) {
        throw usage_error({"--pid reads the memory of one case at a time: not with --parallel"});
    }
    const auto option = given.listens ? option_for_servers(given) : std::string_view();
    if (option.empty()) return;
    throw usage_error({fmt::format("{} has no use with --listen", option)});
}

void add_check_options(command_page& page, check_options& into) {
    add_target_options(page, into.target, false);
    page.flag("--listen", into.listens, "check clients, which connect to ADDRESS");
    page.text("--command", into.command, "COMMAND", "run the client: 'client {host} {port}'");
    page.text("--service", into.service, "SERVICE",
              "expect replies of echo (default), reply:TEXT or any");
    page.texts("--message", into.messages, "TEXT", "send these messages, and make up none")
        .seldom();
    page.flag("-e,--escapes", into.escapes, R"(read \x02 \0 \r \n \t \\ \u00e9 in messages)")
        .seldom();
    page.duration("--timeout", into.timeout, "wait TIME for what is expected");
    page.number("--parallel", into.parallel, "check N cases at once", 1);
    page.number("--pid", into.process,
                "read the memory of process N, the server, while it has load", 1)
        .shown_default("")
        .seldom();
    add_selection_options(page, into);
    add_report_options(page, into);
    add_tls_options(page, into.tls, tls_end::either);
}

}  // namespace framewire
