#pragma once

#include "framewire/core/limits.hpp"
#include "framewire/core/result.hpp"
#include "framewire/io/address.hpp"
#include "framewire/net/observer.hpp"

#include <chrono>
#include <memory>
#include <string_view>

namespace framewire {

class framing;

struct client_settings {
    framewire::limits limits{};
    /// For connecting, and for silence while a reply is due; zero waits forever. 5 s is more than
    /// any network needs.
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds timeout{5'000};
    /// Notified of what happens; must outlive the client.
    framewire::observer* observer = nullptr;
};

/// Whole payloads over a connection; calls block. Not thread-safe.
class client {
public:
    /// Fails if the address or the framing cannot be parsed, or if no connection can be made.
    static result<client> connect(std::string_view address, std::string_view framing,
                                  client_settings settings = {});
    /// The same with a parsed address and framing.
    static result<client> connect(const address& where, const framing& frames,
                                  client_settings settings = {});

    client(client&&) noexcept;
    client& operator=(client&&) noexcept;
    /// Closes the connection.
    ~client();

    /// Sends one payload and waits for the next; see `send` and `receive`.
    wire_result<bytes> request(bytes payload);

    /// Returns once the system has accepted the whole frame. If the payload cannot be framed,
    /// nothing is sent.
    wire_result<void> send(bytes payload);

    /// The next payload, valid until the next call. Fails with `io.closed` once the peer has ended
    /// the stream between two frames, with `io.timeout_reply`, or with the stream's error.
    wire_result<bytes> receive();

    /// True if data was read that `receive` has not returned yet; otherwise `receive` waits for
    /// the descriptor.
    [[nodiscard]] bool ready() const noexcept;

    /// Shuts down the sending side: the server sees the end of the stream. Receiving continues.
    void shutdown_send();

    [[nodiscard]] const framewire::peer& peer() const noexcept;
    /// The socket's descriptor, for waiting on it together with others; must not be read, written
    /// or closed.
    [[nodiscard]] int native_handle() const noexcept;

private:
    struct implementation;
    explicit client(std::unique_ptr<implementation> self);
    std::unique_ptr<implementation> self_;
};

}  // namespace framewire
