#include "client_runner.hpp"

#include "framewire/core/units.hpp"

#include <chrono>
#include <utility>

namespace framewire {
namespace {

using namespace std::chrono_literals;

// A client that connects by itself may do so only after a while.
constexpr int return_timeouts = 5;
// For a client that sends its next message before it has a reply.
constexpr auto ahead_time = 100ms;
// Between replies, so that one read does not return two of them.
constexpr auto apart_time = 20ms;

const check_row& first_row() { return rows_of_replies().front(); }

}  // namespace

result<check_outcome> client_runner::learn() {
    const check_script script{
        {}, {receive(), pass(ahead_time), reply(0, apart_time), serve({}, apart_time)}};
    check_outcome outcome{.row = &first_row()};
    const auto began = std::chrono::steady_clock::now();
    // What a program prints each time is compared later.
    const int times = clients_.has_command() ? 2 : 1;
    for (int i = 0; i < times && !outcome.finding; ++i) {
        auto visit = clients_.has_command() ? next_client() : clients_.next(std::nullopt);
        if (!visit) return tl::unexpected(visit.error());
        ++outcome.scripts;
        client_run run(plan_, first_row(), script, nullptr);
        outcome.finding = run.play(*std::move(visit), keeps_open_);
        const auto printed_before = std::exchange(usual_, run.habits()).output;
        if (i > 0 && printed_before != usual_.output) usual_.output.reset();
    }
    outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    if (!outcome.finding) return outcome;
    outcome.what = verdict::fail;
    gone_ = "the client does not take replies in one piece";
    return outcome;
}

std::vector<check_case> client_runner::cases() const {
    auto subject = plan_.subject.of_client(usual_.first_message);
    subject.sends_ahead = usual_.sends_ahead && usual_.messages > 1;
    auto all = make_cases(subject);
    std::erase_if(all, [](const auto& one) { return one.row->number == first_row().number; });
    return all;
}

result<client_visit> client_runner::next_client() {
    if (waiting_) return *std::exchange(waiting_, {});
    return clients_.next(return_time());
}

check_outcome client_runner::run(const check_case& one, bool is_last) {
    check_outcome outcome{.row = one.row, .reason = one.skipped};
    if (!gone_.empty()) outcome.reason = gone_;
    if (!outcome.reason.empty()) {
        outcome.what = verdict::skipped;
        return outcome;
    }
    const auto began = std::chrono::steady_clock::now();
    run_scripts(one, is_last, outcome);
    outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    return outcome;
}

void client_runner::run_scripts(const check_case& one, bool is_last, check_outcome& outcome) {
    const auto note = [&](std::optional<check_finding> found, bool is_advice) {
        const bool is_wrong = !is_advice && one.row->level == check_level::must;
        outcome.what = is_wrong ? verdict::fail : verdict::warning;
        outcome.finding = std::move(found);
    };
    for (const auto& script : one.scripts) {
        auto visit = next_client();
        if (!visit) {
            gone_ = "the client does not connect: " + visit.error().message();
            return note(check_finding{.how = script.how,
                                      .expected = "a connection",
                                      .seen = visit.error().message()},
                        false);
        }
        ++outcome.scripts;
        client_run run(plan_, *one.row, script, &usual_);
        auto found = run.play(*std::move(visit), keeps_open_);
        const bool is_over = found.has_value() || &script == &one.scripts.back();
        if (found) {
            note(std::move(found), false);
        } else if (run.advice() && outcome.what == verdict::pass) {
            note(run.advice(), true);
        }
        if (!(is_last && is_over) && !comes_back()) {
            gone_ = "the client connects no more";
            if (outcome.what != verdict::fail) {
                note(
                    check_finding{.how = script.how,
                                  .expected = "that the client connects again",
                                  .seen = "no connection within " + format_duration(return_time()),
                                  .advice = std::string(one.row->advice)},
                    false);
            }
            return;
        }
        if (is_over) return;
    }
}

bool client_runner::comes_back() {
    if (clients_.has_command()) return true;
    auto next = clients_.next(return_time());
    if (!next) return false;
    waiting_ = *std::move(next);
    return true;
}

std::chrono::milliseconds client_runner::return_time() const {
    return plan_.connection.timeout * return_timeouts;
}

}  // namespace framewire
