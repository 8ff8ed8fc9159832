#include "framewire/net/client.hpp"

#include "client_connection.hpp"
#include "connect_to.hpp"

#include <utility>

namespace framewire {

struct client::implementation {
    implementation(owned_descriptor socket, const framing& frames, const client_settings& settings)
        : connection(std::move(socket), frames, settings, delivery::whole) {}

    client_connection connection;
};

result<client> client::connect(std::string_view address_text, std::string_view framing_text,
                               client_settings settings) {
    const auto where = address::parse(address_text);
    if (!where) return tl::unexpected(where.error());
    const auto frames = framing::parse(framing_text);
    if (!frames) return tl::unexpected(frames.error());
    return connect(*where, *frames, settings);
}

result<client> client::connect(const address& where, const framing& frames,
                               client_settings settings) {
    auto socket = connect_to(where, settings.connect_timeout);
    if (!socket) return tl::unexpected(socket.error());
    return client(std::make_unique<implementation>(std::move(*socket), frames, settings));
}

client::client(std::unique_ptr<implementation> self) : self_(std::move(self)) {}
client::client(client&&) noexcept = default;
client& client::operator=(client&&) noexcept = default;
client::~client() = default;

wire_result<bytes> client::request(bytes payload) {
    if (auto sent = send(payload); !sent) return tl::unexpected(sent.error());
    return receive();
}

wire_result<void> client::send(bytes payload) {
    auto& connection = self_->connection;
    auto sent = connection.send(payload);
    while (sent && connection.sending()) {
        sent = connection.write();
        if (sent && connection.sending()) connection.wait(false);
    }
    return sent;
}

wire_result<bytes> client::receive() {
    auto& connection = self_->connection;
    auto found = connection.receive();
    while (!found) {
        connection.wait(true);
        found = connection.receive();
    }
    return found->map([](const piece& whole) { return whole.payload; });
}

bool client::ready() const noexcept { return self_->connection.ready(); }
void client::shutdown_send() { self_->connection.shutdown_send(); }
const peer& client::peer() const noexcept { return self_->connection.peer(); }
int client::native_handle() const noexcept { return self_->connection.native_handle(); }

}  // namespace framewire
