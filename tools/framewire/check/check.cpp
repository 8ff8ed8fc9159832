#include "check.hpp"

#include "case_runner.hpp"
#include "cli/file.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "cli/tls_options.hpp"
#include "framewire/core/escapes.hpp"
#include "own_case.hpp"
#include "report.hpp"
#include "run_cases.hpp"
#include "selection.hpp"
#include "transport/tls_transports.hpp"

#include <fmt/format.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace framewire {
namespace {

struct check_options {
    target_options target;
    std::string service;
    std::vector<std::string> messages;
    bool escapes = false;
    std::chrono::milliseconds timeout{2'000};
    std::uint64_t parallel = 1;
    check_selection selection;
    bool lists = false;
    report_format format = report_format::text;
    std::string output;
    tls_options tls;
};

std::string_view service_of(const check_options& given, const target& to) {
    if (!given.service.empty()) return given.service;
    return to.wording->service.empty() ? "echo" : to.wording->service;
}

// Throws `usage_error`.
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

result<void> set_connection(const check_options& given, const address& where,
                            live_settings& into) {
    into.timeout = given.timeout;
    const auto tls = client_tls(given.tls, where, "check");
    if (!tls) return {};
    auto made = tls_client_transports(*tls, where.host);
    if (!made) return tl::unexpected(made.error());
    into.make_transport = *std::move(made);
    return {};
}

result<check_plan> plan_check(const check_options& given, const target& to) {
    check_plan plan{.where = to.address, .subject = subject_of(given, to), .connection = {}};
    return set_connection(given, plan.where, plan.connection).map([&] { return plan; });
}

// All rows, or those that apply to what is to be checked.
int list_cases(const check_options& given) {
    std::vector<const check_row*> rows;
    const auto add = [&](const check_row& row) {
        if (given.selection.has(row)) rows.push_back(&row);
    };
    if (given.target.words.empty() && !given.target.framing) {
        for (const auto& row : check_catalogue()) add(row);
    } else {
        const auto to = resolve(given.target, false);
        if (!to) throw usage_error(to.error());
        for (const auto& one : make_cases(subject_of(given, *to))) add(*one.row);
    }
    print(list_of(rows));
    return status_done;
}

// Prints outcomes as they come, if a person reads them, and the report at the end.
class reporting {
public:
    reporting(const check_options& given, check_report about)
        : given_(given), all_(std::move(about)) {
        if (is_read()) print(heading_of(all_));
    }

    void add(check_outcome one) {
        if (is_read()) print(text_.add(one));
        all_.outcomes.push_back(std::move(one));
    }
    /// The exit status.
    int finish() {
        if (is_read()) print(summary_of(all_));
        if (given_.output.empty()) {
            if (!is_read()) print(print_report(all_, given_.format));
        } else if (auto written = write_file(given_.output, print_report(all_, given_.format));
                   !written) {
            report("check", written.error());
            return status_failed;
        }
        return all_.is_passed() ? status_done : status_failed;
    }

private:
    [[nodiscard]] bool is_read() const noexcept {
        return given_.format == report_format::text || !given_.output.empty();
    }

    const check_options& given_;
    check_report all_;
    text_report text_;
};

int check_own(const check_options& given, const target& to,
              const std::vector<std::unique_ptr<own_case>>& cases) {
    check_plan plan{.where = to.address, .subject = {.frames = to.framing}, .connection = {}};
    if (auto connects = set_connection(given, plan.where, plan.connection); !connects) {
        report("check", connects.error());
        return status_failed;
    }
    reporting done(
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
    if (!given.service.empty()) option = "--service";
    if (!given.messages.empty()) option = "--message";
    if (!given.selection.empty()) option = "--only or --exclude";
    if (option.empty()) return;
    throw usage_error({fmt::format("{} has no use beside transcripts", option)});
}

int run_check(check_options& given) {
    const auto own = take_own_cases(given);
    if (!own.empty()) refuse_beside_own(given);
    if (given.lists) return list_cases(given);
    const auto to = resolve(given.target, false);
    if (!to) throw usage_error(to.error());
    report_default_address(given.target, *to);
    if (!own.empty()) return check_own(given, *to, own);
    auto plan = plan_check(given, *to);
    if (const auto learned = plan ? learn_about(*plan) : tl::unexpected(plan.error()); !learned) {
        report("check", learned.error());
        return status_failed;
    }
    auto cases = make_cases(plan->subject);
    std::erase_if(cases, [&](const auto& one) { return !given.selection.has(*one.row); });
    reporting done(given, {.server = to->address.text(),
                           .framing = to->framing.spec(),
                           .service = describe_service(*plan)});
    case_runner runner(*plan);
    run_cases(runner, cases, given.parallel, [&](check_outcome one) { done.add(std::move(one)); });
    return done.finish();
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
    page.value("--report", "FORMAT", "print text, json, junit or tap",
               [&into](const std::string& text) {
                   return parse_report_format(text).map(
                       [&](report_format format) { into.format = format; });
               })
        .shown_default("text");
    page.text("--output", into.output, "PATH", "write that to PATH, and print text");
}

}  // namespace

command add_check(command_page& page) {
    const auto given = std::make_shared<check_options>();
    add_target_options(page, given->target, false);
    page.text("--service", given->service, "SERVICE",
              "expect replies of echo, acknowledge:TEXT, reply:TEXT, or any")
        .shown_default("echo");
    page.texts("--message", given->messages, "TEXT", "send these messages, and make up none");
    page.flag("-e,--escapes", given->escapes, R"(read \x02 \0 \r \n \t \\ \u00e9 in messages)")
        .seldom();
    page.duration("--timeout", given->timeout, "wait TIME for what is expected");
    page.number("--parallel", given->parallel, "check N cases at once", 1);
    add_selection_options(page, *given);
    add_report_options(page, *given);
    add_tls_options(page, given->tls, tls_end::client);
    page.notes(
        "A case of the level 'must' passes or fails. It is a warning if the server does something "
        "that is only unwise, such as to keep a connection open after a malformed message, or "
        "fails a case of the level 'should'.\n\n"
        "Any reply will do with --service any. It is found out first whether the server replies "
        "to messages, and whether it ends the connection after the first reply.\n\n"
        "With a framing's option max, messages of that size and of one byte more are sent, "
        "too.\n\n"
        "Files whose names end with .transcript are cases of your own, and the only ones then: "
        "their < lines are sent, and their > lines expected.\n\n"
        "Exit status: 0 no case has failed, 1 one has, or the server cannot be reached, 2 wrong "
        "usage.");
    page.describe("check [PROTOCOL|FRAMING] [ADDRESS] [TRANSCRIPT...] [OPTIONS]",
                  "  framewire check digits:10 :7000\n"
                  "  framewire check :7000 --framing u32be,max=64KiB --service any\n"
                  "  framewire check acknowledge :9999 --report junit --output check.xml");
    return [given](std::vector<std::string> messages) {
        given->target.messages = std::move(messages);
        return run_check(*given);
    };
}

}  // namespace framewire
