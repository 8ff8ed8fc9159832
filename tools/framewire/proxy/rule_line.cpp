#include "rule_line.hpp"

#include "framewire/service/detail/peer_link.hpp"

#include <utility>

namespace framewire {

void rule_line::take(bytes payload, bytes frame) {
    waiting_.push_back({std::string(payload), std::string(frame)});
}

void rule_line::run() {
    while (!is_running_ && !waiting_.empty()) {
        if (!advance(waiting_.front())) return;
        if (!is_running_) waiting_.pop_front();
    }
}

// False if nothing passes any more. A program that is running now continues with it later.
bool rule_line::advance(message& first) {
    while (first.changes < how_.changes->size()) {
        const auto& next = (*how_.changes)[first.changes++];
        if (!next.command.empty()) {
            start(next.command, first.payload);
            return true;
        }
        auto changed = next.by->apply(first.payload);
        if (changed != first.payload) first.frame.clear();
        first.payload = std::move(changed);
    }
    if (how_.mocks != nullptr) {
        for (const auto& one : *how_.mocks) {
            if (!one.when.matches(first.payload)) continue;
            if (one.reply.command.empty()) return how_.answer(one.reply.text) || (stop(), false);
            first.answered_by = &one;
            start(one.reply.command, first.payload);
            return true;
        }
    }
    return how_.pass(first.payload, first.frame) || (stop(), false);
}

void rule_line::start(const std::string& command, std::string input) {
    is_running_ = true;
    how_.programs->run(
        {.command = command,
         .whom = how_.client,
         .stream = owned_descriptor(),
         .input = std::move(input),
         .output_bytes_max = how_.output_bytes_max,
         // On another thread, perhaps after the loop has ended.
         .then = [this, alive = is_alive_, executor = loop_.executor()](program_outcome outcome) {
             auto shared = std::make_shared<program_outcome>(std::move(outcome));
             executor->post([this, alive, shared] {
                 if (*alive) done(std::move(*shared));
             });
         }});
}

void rule_line::done(program_outcome outcome) {
    is_running_ = false;
    if (waiting_.empty()) return;
    auto& first = waiting_.front();
    if (!outcome.failure.empty()) {
        stop();
        return how_.fail(std::move(outcome.failure));
    }
    if (first.answered_by != nullptr) {
        if (!how_.answer(outcome.output)) return stop();
        waiting_.pop_front();
    } else {
        if (outcome.output != first.payload) first.frame.clear();
        first.payload = std::move(outcome.output);
    }
    run();
    if (waiting_.empty()) how_.idle();
}

void rule_line::stop() { waiting_.clear(); }

}  // namespace framewire
