#pragma once

#include "net/client_connection.hpp"

#include <memory>

namespace framewire {

/// Whole payloads over a connection, for `connect`: a person waits for each reply, and a terminal
/// and the connection are waited for together.
class blocking_connection {
public:
    static result<blocking_connection> open(const address& where, const framing& frames,
                                            const client_settings& settings);

    /// Returns once the system has accepted the whole frame. If the payload cannot be framed,
    /// nothing is sent.
    wire_result<void> send(bytes payload);
    /// The next payload, valid until the next call; fails as `client::receive` does.
    wire_result<bytes> receive();
    /// True if data was read that `receive` has not returned yet; otherwise `receive` waits for
    /// the descriptor.
    [[nodiscard]] bool ready() const noexcept { return connection_->ready(); }
    [[nodiscard]] const framewire::peer& peer() const noexcept { return connection_->peer(); }
    [[nodiscard]] int native_handle() const noexcept { return connection_->native_handle(); }

private:
    explicit blocking_connection(std::unique_ptr<client_connection> one);
    std::unique_ptr<client_connection> connection_;
};

}  // namespace framewire
