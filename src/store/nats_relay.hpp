#pragma once

#include "framewire/core/result.hpp"
#include "framewire/service/service.hpp"
#include "framewire/service/services.hpp"
#include "nats_subject.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace framewire {

/// The service `relay:nats://HOST[:PORT][,HOST[:PORT]].../SUBJECT[,overflow=...]`.
struct nats_relay_spec {
    static constexpr std::string_view name = "relay:nats://";

    static result<nats_relay_spec> parse(std::string_view text);
    /// Makes the service: what peers of one server send goes to the subject, and what is published
    /// there to all peers.
    [[nodiscard]] result<service_factory> open(nats_subject::log notices) const;

    std::string servers;
    std::string subject;
    overflow policy = overflow::close;
};

/// What `relay` does, and publishes each payload, too.
class nats_relay final : public service {
public:
    nats_relay(room members, std::shared_ptr<nats_subject> others)
        : local_(std::move(members)), others_(std::move(others)) {}

    void opened(const peer& who, outbox& replies) override { local_.opened(who, replies); }
    void receive(const piece& message, outbox& replies) override {
        others_->publish(message.payload);
        local_.receive(message, replies);
    }
    void peer_ended(outbox& replies) override { local_.peer_ended(replies); }

private:
    relay local_;
    std::shared_ptr<nats_subject> others_;
};

}  // namespace framewire
