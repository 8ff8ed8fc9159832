#include "check.hpp"

#include "case_runner.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "client_runner.hpp"
#include "options.hpp"
#include "own_case.hpp"
#include "report.hpp"
#include "reporter.hpp"
#include "run_cases.hpp"
#include "transport/tls_transports.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace framewire {
namespace {

result<transport_factory> server_transports(const check_options& given) {
    const auto settings = server_tls(given.tls);
    if (!settings) return transport_factory();
    return tls_server_transports::load(*settings).map([](const tls_server_transports& all) {
        return transport_factory([all] { return all.make(); });
    });
}

result<void> set_connection(const check_options& given, const address& where,
                            live_settings& into) {
    into.timeout = given.timeout;
    const auto tls = given.listens ? std::nullopt : client_tls(given.tls, where, "check");
    if (!tls && !given.listens) return {};
    auto made = tls ? tls_client_transports(*tls, where.host) : server_transports(given);
    if (!made) return tl::unexpected(made.error());
    into.make_transport = *std::move(made);
    return {};
}

result<check_plan> plan_check(const check_options& given, const target& to) {
    check_plan plan{.where = to.address,
                    .subject = subject_of(given, to),
                    .connection = {},
                    .process = static_cast<pid_t>(given.process),
                    .is_recorded = !given.recordings.empty()};
    plan.subject.has_process = plan.process != 0;
    return set_connection(given, plan.where, plan.connection).map([&] {
        plan.subject.has_tls = static_cast<bool>(plan.connection.make_transport);
        return plan;
    });
}

// All rows for this end, or those that apply to what is to be checked.
int list_cases(const check_options& given) {
    std::vector<const check_row*> rows;
    const auto end = given.listens ? checked_end::client : checked_end::server;
    const auto add = [&](const check_row& row) {
        if (row.is_for(end) && given.selection.has(row)) rows.push_back(&row);
    };
    if (given.target.words.empty() && !given.target.framing) {
        for (const auto& row : check_catalogue()) add(row);
    } else {
        const auto to = resolve(given.target, false);
        if (!to) throw usage_error(to.error());
        auto subject = subject_of(given, *to);
        subject.has_tls = given.tls.given();
        if (given.listens) subject = subject.of_client(subject.payloads.front());
        for (const auto& one : make_cases(subject)) add(*one.row);
    }
    print(list_of(rows));
    return status_done;
}

int check_own(const check_options& given, const target& to,
              const std::vector<std::unique_ptr<own_case>>& cases) {
    check_plan plan{.where = to.address, .subject = {.frames = to.framing}, .connection = {}};
    if (auto connects = set_connection(given, plan.where, plan.connection); !connects) {
        report("check", connects.error());
        return status_failed;
    }
    check_reporter done(
        given,
        {.server = to.address.text(), .framing = to.framing.spec(), .service = "transcripts"});
    for (const auto& one : cases) done.add(one->run(plan));
    return done.finish();
}

// The words that are files of transcripts are taken away.
std::vector<std::unique_ptr<own_case>> take_own_cases(check_options& given) {
    std::vector<std::unique_ptr<own_case>> cases;
    auto& words = given.target.words;
    for (const auto& word : words) {
        if (!is_own_case(word)) continue;
        auto read = own_case::read(word, static_cast<std::uint32_t>(901 + cases.size()));
        if (!read) throw usage_error(read.error());
        cases.push_back(*std::move(read));
    }
    std::erase_if(words, is_own_case);
    if (!cases.empty() && !given.target.framing) {
        given.target.framing = cases.front()->frames().spec();
    }
    return cases;
}

// A transcript says itself what is sent and expected.
void refuse_beside_own(const check_options& given) {
    std::string_view option;
    if (given.listens) option = "--listen";
    if (!given.service.empty()) option = "--service";
    if (!given.messages.empty()) option = "--message";
    if (!given.selection.empty()) option = "--only or --exclude";
    if (option.empty()) return;
    throw usage_error({fmt::format("{} has no use beside transcripts", option)});
}

// Cases of a client, each with a connection that it makes.
int check_clients(const check_options& given, const target& to) {
    const auto plan = plan_check(given, to);
    if (!plan) {
        report("check", plan.error());
        return status_failed;
    }
    if (!plan->subject.reply_to("")) {
        throw usage_error({"--service any has no use with --listen: the replies are ours"});
    }
    auto clients = client_source::open(plan->where, given.command);
    if (!clients) {
        report("check", clients.error());
        return status_failed;
    }
    if (!clients->has_command()) {
        print_error(fmt::format("Listening on {}\n", clients->at().text()));
    }
    client_runner runner(*plan, *clients);
    auto learned = runner.learn();
    if (!learned) {
        report("check", learned.error());
        return status_failed;
    }
    check_reporter done(given, {.server = clients->at().text(),
                                .framing = to.framing.spec(),
                                .service = describe_service(*plan),
                                .end = checked_end::client});
    auto cases = runner.cases();
    std::erase_if(cases, [&](const auto& one) { return !given.selection.has(*one.row); });
    const bool is_shown = learned->what != verdict::pass || given.selection.has(*learned->row);
    if (is_shown) done.add(*std::move(learned));
    const auto last = std::ranges::find_if(cases.rbegin(), cases.rend(),
                                           [](const auto& one) { return one.skipped.empty(); });
    for (const auto& one : cases)
        done.add(runner.run(one, last != cases.rend() && &one == &*last));
    return done.finish();
}

int run_check(check_options& given) {
    check_options_of_end(given);
    const auto own = take_own_cases(given);
    if (!own.empty()) refuse_beside_own(given);
    if (given.lists) return list_cases(given);
    const auto to = resolve(given.target, false);
    if (!to) throw usage_error(to.error());
    report_default_address(given.target, *to);
    if (given.listens) return check_clients(given, *to);
    if (!own.empty()) return check_own(given, *to, own);
    auto plan = plan_check(given, *to);
    if (const auto learned = plan ? learn_about(*plan) : tl::unexpected(plan.error()); !learned) {
        report("check", learned.error());
        return status_failed;
    }
    auto cases = make_cases(plan->subject);
    std::erase_if(cases, [&](const auto& one) { return !given.selection.has(*one.row); });
    check_reporter done(given, {.server = to->address.text(),
                                .framing = to->framing.spec(),
                                .service = describe_service(*plan)});
    case_runner runner(*plan);
    run_cases(runner, cases, given.parallel, [&](check_outcome one) { done.add(std::move(one)); });
    return done.finish();
}

}  // namespace

command add_check(command_page& page) {
    const auto given = std::make_shared<check_options>();
    add_check_options(page, *given);
    page.notes(
        "A case of the level 'must' passes or fails. It is a warning if the server does something "
        "that is only unwise, such as to keep a connection open after a malformed message, or "
        "fails a case of the level 'should'.\n\n"
        "SERVICE is echo, acknowledge:TEXT, reply:TEXT, reply:TEXT,close or any. Any reply will "
        "do with --service any. It is found out first whether the server replies "
        "to messages, and whether it ends the connection after the first reply.\n\n"
        "With a framing's option max, messages of that size and of one byte more are sent, "
        "too.\n\n"
        "With --pid, the memory of that process (VmRSS) is read during the load cases, and a case "
        "fails if it grows by more than 32MiB. One of them sends without reading any reply.\n\n"
        "Files whose names end with .transcript are cases of your own, and the only ones then: "
        "their < lines are sent, and their > lines expected.\n\n"
        "With --listen, clients are checked: each connection gets other replies, and it is seen "
        "what the client does next. It must connect again and again, or a shell runs COMMAND for "
        "each connection, in which {address}, {host} and {port} are replaced.\n\n"
        "Exit status: 0 no case has failed, 1 one has, or the server cannot be reached, 2 wrong "
        "usage.");
    page.describe("check [PROTOCOL|FRAMING] [ADDRESS] [TRANSCRIPT...] [OPTIONS]",
                  "  framewire check digits:10 :7000\n"
                  "  framewire check acknowledge :9999 --report junit --output check.xml\n"
                  "  framewire check digits:10 :7000 --listen --command './client {port}'");
    return [given](std::vector<std::string> messages) {
        given->target.messages = std::move(messages);
        return run_check(*given);
    };
}

}  // namespace framewire
