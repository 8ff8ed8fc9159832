#pragma once

#include "framewire/service/service.hpp"
#include "loop_counters.hpp"

#include <chrono>
#include <memory>

namespace framewire {

/// A service that measures how long another takes for a message.
class measured_service final : public service {
public:
    /// Requires: `into` outlives this; only the thread of this service adds to it.
    measured_service(std::unique_ptr<service> measured, duration_counters& into)
        : measured_(std::move(measured)), into_(into) {}

    void opened(const peer& who, outbox& replies) override { measured_->opened(who, replies); }
    void receive(const piece& message, outbox& replies) override;
    std::size_t receive_run(const payload_run& messages, outbox& replies) override;
    void skipped(std::uint64_t size, outbox& replies) override {
        measured_->skipped(size, replies);
    }
    void writable(outbox& replies) override { measured_->writable(replies); }
    void peer_ended(outbox& replies) override { measured_->peer_ended(replies); }
    bool stopping(outbox& replies) override { return measured_->stopping(replies); }
    void left(const close_reason& why) override { measured_->left(why); }
    [[nodiscard]] bool streams() const noexcept override { return measured_->streams(); }
    [[nodiscard]] bool defers_runs() const noexcept override { return measured_->defers_runs(); }

private:
    std::unique_ptr<service> measured_;
    duration_counters& into_;
    std::chrono::nanoseconds pieces_{0};  // of a message that is not complete
};

}  // namespace framewire
