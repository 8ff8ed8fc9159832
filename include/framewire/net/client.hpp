#pragma once

#include "framewire/core/limits.hpp"
#include "framewire/core/result.hpp"
#include "framewire/net/observer.hpp"

#include <chrono>
#include <memory>
#include <string_view>

namespace framewire {

class framing;

struct client_settings {
    framewire::limits limits{};
    /// For connecting, and for silence while a reply is due; zero waits for ever. 5 s is more than
    /// any network needs.
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds timeout{5'000};
    /// Is told what happens; must outlive the client.
    framewire::observer* observer = nullptr;
};

/// Whole payloads over a connection, for programs that wait. Not thread-safe.
class client {
public:
    /// Fails if the address or the framing is not understood, or nobody can be reached there.
    static result<client> connect(std::string_view address, std::string_view framing,
                                  client_settings settings = {});
    /// The same with an address and a framing that have been parsed.
    static result<client> connect(const address& where, const framing& frames,
                                  client_settings settings = {});

    client(client&&) noexcept;
    client& operator=(client&&) noexcept;
    /// Closes the connection.
    ~client();

    /// Sends one payload and waits for the next; see `send` and `receive`.
    wire_result<bytes> request(bytes payload);

    /// Returns once the system has taken the whole frame. Nothing is sent if the payload cannot be
    /// framed.
    wire_result<void> send(bytes payload);

    /// The next payload, valid until the next call. Fails with `io.closed` when the peer has ended
    /// the stream between two frames, with `io.timeout_reply`, or with what is wrong with the
    /// stream.
    wire_result<bytes> receive();

    /// True if something has been read that `receive` has not answered yet; until then it waits
    /// for the descriptor.
    [[nodiscard]] bool ready() const noexcept;

    /// Tells the server that no more will be sent. Receiving goes on.
    void shutdown_send();

    [[nodiscard]] const framewire::peer& peer() const noexcept;
    /// The socket's descriptor, to wait on together with others; not to be read, written or
    /// closed.
    [[nodiscard]] int native_handle() const noexcept;

private:
    struct implementation;
    explicit client(std::unique_ptr<implementation> self);
    std::unique_ptr<implementation> self_;
};

}  // namespace framewire
