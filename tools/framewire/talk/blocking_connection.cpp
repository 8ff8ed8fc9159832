#include "blocking_connection.hpp"

#include "net/connect_to.hpp"

#include <utility>

namespace framewire {

result<blocking_connection> blocking_connection::open(const address& where, const framing& frames,
                                                      const client_settings& settings) {
    auto socket = connect_to(where, settings.connect_timeout);
    if (!socket) return tl::unexpected(socket.error());
    return blocking_connection(std::make_unique<client_connection>(std::move(*socket), frames,
                                                                   settings, delivery::whole));
}

blocking_connection::blocking_connection(std::unique_ptr<client_connection> one)
    : connection_(std::move(one)) {}

wire_result<void> blocking_connection::send(bytes payload) {
    auto sent = connection_->send(payload);
    while (sent && connection_->sending()) {
        sent = connection_->write();
        if (sent && connection_->sending()) connection_->wait(false);
    }
    return sent;
}

wire_result<bytes> blocking_connection::receive() {
    auto found = connection_->receive();
    while (!found) {
        connection_->wait(true);
        found = connection_->receive();
    }
    return found->map([](const piece& whole) { return whole.payload; });
}

}  // namespace framewire
