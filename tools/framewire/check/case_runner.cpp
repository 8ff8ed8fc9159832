#include "case_runner.hpp"

#include "framewire/core/units.hpp"
#include "process_memory.hpp"
#include "script_run.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace framewire {

result<void> learn_about(check_plan& plan) {
    auto& subject = plan.subject;
    auto peer = live_peer::connect(plan.where, subject.frames, plan.connection);
    if (!peer) return tl::unexpected(peer.error());
    if (subject.service != replying::any) return {};
    const auto is_answered = [&](bytes frame) {
        if (!peer->send(frame)) return false;
        const auto reply = peer->next();
        return reply && reply->what == arrival::kind::frame;
    };
    if (subject.opening) {
        std::string frame;
        (void)subject.frames.first()->encode(*subject.opening, frame);
        (void)is_answered(frame);
    }
    const auto frame = subject.frame_of(subject.payloads.front());
    if (!is_answered(frame)) {
        subject.service = replying::nothing;
    } else if (!is_answered(frame)) {
        subject.has_one_exchange = peer->has_ended();
    }
    return {};
}

// A service of which nothing is known may refuse what a message contains.
check_level case_runner::level_of(const check_row& row) const {
    const bool may_refuse =
        plan_.subject.service != replying::echo && plan_.subject.service != replying::text;
    return may_refuse && row.name.starts_with("payload.") ? check_level::should : row.level;
}

// What an earlier case has done to the server is not the fault of the next.
void case_runner::recover() {
    static const check_script none{};
    if (!memory_.is_shaken.exchange(false) || memory_.is_gone) return;
    script_run run(plan_, check_catalogue().front(), none, memory_);
    run.wait_for_server();
}

check_outcome case_runner::run(const check_case& one) {
    check_outcome outcome{.row = one.row, .reason = one.skipped};
    recover();
    if (memory_.is_gone) outcome.reason = "the server accepts no more connections";
    if (memory_.is_hopeless) outcome.reason = "a message in one piece gets no correct reply";
    if (!outcome.reason.empty()) {
        outcome.what = verdict::skipped;
        return outcome;
    }
    const auto began = std::chrono::steady_clock::now();
    if (plan_.process != 0 && one.row->name.starts_with("load.")) {
        memory_sampler memory(plan_.process);
        run_scripts(one, outcome);
        judge_memory(memory.finish(), outcome);
    } else {
        run_scripts(one, outcome);
    }
    outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    if (outcome.what != verdict::pass) memory_.is_shaken = true;
    const bool is_simplest = one.row == &check_catalogue().front();
    if (is_simplest && outcome.what == verdict::fail) memory_.is_hopeless = true;
    return outcome;
}

// A case that has found something else keeps that.
void case_runner::judge_memory(const memory_use& used, check_outcome& outcome) {
    outcome.memory = used;
    const auto grown = used.most - std::min(used.most, used.before);
    if (grown <= memory_growth_max || outcome.finding) return;
    outcome.what = verdict::fail;
    outcome.finding =
        check_finding{.expected = fmt::format("that its memory grows by {} at most, of {} bytes",
                                              format_size(memory_growth_max), used.before),
                      .seen = fmt::format("{} bytes more", grown),
                      .advice = std::string(outcome.row->advice)};
}

void case_runner::run_scripts(const check_case& one, check_outcome& outcome) {
    const auto note = [&](std::optional<check_finding> found, bool is_advice) {
        const bool is_wrong = !is_advice && level_of(*one.row) == check_level::must;
        outcome.what = is_wrong ? verdict::fail : verdict::warning;
        outcome.finding = std::move(found);
    };
    for (const auto& script : one.scripts) {
        ++outcome.scripts;
        script_run run(plan_, *one.row, script, memory_);
        if (auto found = run.play()) return note(std::move(found), false);
        if (run.advice() && outcome.what == verdict::pass) note(run.advice(), true);
    }
    const check_script after{"a new connection after this case", {next_client()}};
    script_run run(plan_, *one.row, after, memory_);
    if (auto found = run.play()) note(std::move(found), false);
}

}  // namespace framewire
