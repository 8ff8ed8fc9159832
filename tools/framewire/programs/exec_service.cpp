#include "exec_service.hpp"

#include <chrono>
#include <utility>

namespace framewire {

void exec_service::opened(const peer& who, outbox& /*replies*/) { who_ = who; }

void exec_service::receive(const piece& message, outbox& replies) {
    // Shared, as a function must be copyable.
    auto reply = std::make_shared<deferred_reply>(
        replies.defer(order::as_received, message.payload.size()));
    runner_->run({.command = command_,
                  .whom = who_,
                  .stream = owned_descriptor(),
                  .input = std::string(message.payload),
                  .output_bytes_max = output_bytes_max_,
                  .then = [reply](program_outcome outcome) {
                      if (outcome.failure.empty()) {
                          reply->reply(outcome.output);
                      } else {
                          reply->fail(std::move(outcome.failure));
                      }
                  }});
}

// Nobody waits for the replies any more.
void exec_service::left(const close_reason& /*why*/) {
    runner_->end(who_, std::chrono::milliseconds(0));
}

}  // namespace framewire
