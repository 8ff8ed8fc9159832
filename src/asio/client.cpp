#include "framewire/net/client.hpp"

#include "framewire/asio/run.hpp"
#include "framewire/asio/stream.hpp"

#include <optional>
#include <utility>

namespace framewire {
struct client::implementation {
    boost::asio::io_context loop{1};
    std::optional<stream> connection;
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
    auto self = std::make_unique<implementation>();
    const stream_settings with{settings.limits, settings.connect_timeout, settings.timeout,
                               settings.watch};
    auto connected = run(self->loop, stream::connect(where, frames, with));
    if (!connected) return tl::unexpected(connected.error());
    self->connection.emplace(std::move(*connected));
    return client(std::move(self));
}

client::client(std::unique_ptr<implementation> self) : self_(std::move(self)) {}
client::client(client&&) noexcept = default;
client& client::operator=(client&&) noexcept = default;
client::~client() = default;

wire_result<bytes> client::ask(bytes payload) {
    if (auto sent = send(payload); !sent) return tl::unexpected(sent.error());
    return receive();
}

wire_result<void> client::send(bytes payload) {
    return run(self_->loop, self_->connection->send(payload));
}

wire_result<bytes> client::receive() { return run(self_->loop, self_->connection->receive()); }

bool client::ready() const noexcept { return self_->connection->ready(); }
void client::finish_sending() { self_->connection->finish_sending(); }
const peer& client::ends() const noexcept { return self_->connection->ends(); }
int client::native_handle() const noexcept { return self_->connection->native_handle(); }

}  // namespace framewire
