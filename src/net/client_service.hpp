#pragma once

#include "client_core.hpp"
#include "framewire/service/service.hpp"

#include <cstdint>

namespace framewire {

/// The service of a client's connection: reports everything to the client.
class client_service final : public service {
public:
    explicit client_service(client_core& reports_to) : client_(reports_to) {}

    void opened(const peer& who, outbox& /*replies*/) override { client_.opened(who); }
    void receive(const piece& message, outbox& replies) override {
        client_.received(message.payload, replies);
    }
    void skipped(std::uint64_t size, outbox& replies) override { client_.skipped(size, replies); }
    void peer_ended(outbox& replies) override {
        client_.peer_ended();
        replies.close();
    }
    void left(const close_reason& why) override { client_.left(why); }

private:
    client_core& client_;
};

}  // namespace framewire
