#pragma once

#include "framewire/service/service.hpp"
#include "store.hpp"

#include <memory>
#include <string>

namespace framewire {

/// Stores each payload, and acknowledges it when it is on the disk. A payload equal to `until`,
/// unless that is empty, is acknowledged and not stored, and the connection ends after it.
class store_service final : public service {
public:
    /// `last_ack` is the reply to `until`.
    store_service(std::shared_ptr<store> into, std::string until, std::string last_ack)
        : store_(std::move(into)), until_(std::move(until)), last_ack_(std::move(last_ack)) {}

    void receive(const piece& message, outbox& replies) override;
    std::size_t receive_run(const payload_run& messages, outbox& replies) override;
    [[nodiscard]] bool defers_runs() const noexcept override { return true; }

private:
    std::shared_ptr<store> store_;
    std::string until_;
    std::string last_ack_;
};

}  // namespace framewire
