#include "case_runner.hpp"

#include "script_run.hpp"

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

check_outcome case_runner::run(const check_case& one) {
    check_outcome outcome{.of = &one};
    if (!one.skipped.empty()) {
        outcome.what = verdict::skipped;
        return outcome;
    }
    const auto began = std::chrono::steady_clock::now();
    const auto note = [&](std::optional<check_finding> found, bool is_advice) {
        if (!found) return;
        const bool is_wrong = !is_advice && one.row->level == check_level::must;
        outcome.what = is_wrong ? verdict::fail : verdict::warning;
        outcome.finding = std::move(found);
    };
    for (const auto& script : one.scripts) {
        ++outcome.scripts;
        script_run run(plan_, *one.row, script, keeps_open_);
        auto found = run.play();
        if (found) {
            note(std::move(found), false);
            break;
        }
        if (outcome.what == verdict::pass) note(run.advice(), true);
    }
    if (outcome.what == verdict::pass || outcome.what == verdict::warning) {
        const check_script after{"a new connection after this case", {next_client()}};
        script_run run(plan_, *one.row, after, keeps_open_);
        if (auto found = run.play()) note(std::move(found), false);
    }
    outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    return outcome;
}

}  // namespace framewire
