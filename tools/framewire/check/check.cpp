#include "check.hpp"

#include "case_runner.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "cli/tls_options.hpp"
#include "report.hpp"
#include "transport/tls_transports.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace framewire {
namespace {

struct check_options {
    target_options target;
    std::string service;
    std::chrono::milliseconds timeout{2'000};
    tls_options tls;
};

result<check_plan> plan_check(const check_options& given, const target& to) {
    const auto service = !given.service.empty()         ? std::string_view(given.service)
                         : !to.wording->service.empty() ? to.wording->service
                                                        : "echo";
    auto subject = check_subject::make(to.framing, service);
    if (!subject) throw usage_error(subject.error());
    check_plan plan{.where = to.address,
                    .subject = *std::move(subject),
                    .connection = {.timeout = given.timeout}};
    if (const auto tls = client_tls(given.tls, to.address, "check")) {
        auto made = tls_client_transports(*tls, to.address.host);
        if (!made) return tl::unexpected(made.error());
        plan.connection.make_transport = *std::move(made);
    }
    return plan;
}

int run_check(const check_options& given) {
    const auto to = resolve(given.target, false);
    if (!to) throw usage_error(to.error());
    report_default_address(given.target, *to);
    auto plan = plan_check(given, *to);
    if (const auto learned = plan ? learn_about(*plan) : tl::unexpected(plan.error()); !learned) {
        report("check", learned.error());
        return status_failed;
    }
    const auto cases = make_cases(plan->subject);
    case_runner runner(*plan);
    check_report all{
        .server = to->address.text(), .framing = to->framing.spec(), .service = given.service};
    for (const auto& one : cases) {
        all.outcomes.push_back(runner.run(one));
        print(text_of(all.outcomes.back()));
    }
    print(summary_of(all));
    return all.is_passed() ? status_done : status_failed;
}

}  // namespace

command add_check(command_page& page) {
    const auto given = std::make_shared<check_options>();
    add_target_options(page, given->target, false);
    page.text("--service", given->service, "SERVICE",
              "expect the replies of echo, acknowledge:TEXT, reply:TEXT, or any")
        .shown_default("echo");
    page.duration("--timeout", given->timeout, "give up after TIME without what is expected");
    add_tls_options(page, given->tls, tls_end::client);
    page.describe("check [PROTOCOL|FRAMING] [ADDRESS] [OPTIONS]",
                  "  framewire check digits:10 :7000\n"
                  "  framewire check acknowledge :9999\n"
                  "  framewire check :7000 --framing u32be,max=64KiB --service any");
    return [given](std::vector<std::string> messages) {
        given->target.messages = std::move(messages);
        return run_check(*given);
    };
}

}  // namespace framewire
