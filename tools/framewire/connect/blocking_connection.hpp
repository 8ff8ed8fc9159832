#pragma once

#include "cli/options.hpp"
#include "framewire/codec/framing.hpp"
#include "framewire/net/client.hpp"
#include "framewire/service/peer_handle.hpp"
#include "io/descriptor.hpp"
#include "net/event_loop.hpp"
#include "transport/transport.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace framewire {

/// Whole payloads over a connection, for `connect`: a terminal and the connection are waited for
/// together. A thread of its own serves the connection, so that what comes is received whatever
/// the person does.
class blocking_connection {
public:
    /// Returns once messages can be sent, so after the handshake of TLS.
    static result<std::unique_ptr<blocking_connection>> open(const address& where,
                                                             const framing& frames,
                                                             const client_settings& settings);
    blocking_connection(const blocking_connection&) = delete;
    blocking_connection& operator=(const blocking_connection&) = delete;
    /// Closes the connection. Resets it if the peer does not take what was sent.
    ~blocking_connection();

    /// Returns while little waits to be sent, or once the connection is over, which `receive`
    /// reports. If the payload cannot be framed, nothing is sent. Calls `meanwhile` again and
    /// again while it waits: a peer may take no more before its replies are received.
    wire_result<void> send(bytes payload, const std::function<void()>& meanwhile = {});
    /// Returns once the system has accepted all that was sent, or the connection is over.
    void flush(const std::function<void()>& meanwhile = {});
    /// Ends our stream: the peer sees the end. What it sends is still received.
    void end_stream() const;
    /// The next payload. Fails with `io.timeout_reply`, with `io.closed` once the peer has ended
    /// the stream, or with the stream's error.
    wire_result<std::string> receive();
    /// True if `receive` would return at once; then the descriptor is readable.
    [[nodiscard]] bool ready() const;
    [[nodiscard]] int native_handle() const noexcept { return signalled_.get(); }
    [[nodiscard]] const framewire::peer& peer() const noexcept { return connection_.who(); }

private:
    class reception;

    blocking_connection(const framing& frames, client_settings settings);
    result<void> start(owned_descriptor socket, transport_factory make);
    result<void> wait_until_open();
    // True if so much waits to be taken that nothing more should come.
    bool add(bytes payload);
    void end(wire_error why);
    void signal() noexcept;
    [[nodiscard]] bool all_sent();

    const framing& frames_;
    client_settings settings_;
    event_loop loop_;
    peer_handle connection_;
    owned_descriptor signalled_;  // an eventfd
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::string> received_;
    std::size_t received_bytes_ = 0;
    std::optional<wire_error> ended_;
    bool is_open_ = false;
    std::optional<bool> is_sent_;   // the answer to `all_sent`
    std::size_t unsent_bytes_ = 0;  // at most: since `all_sent` was true
    std::thread thread_;
};

}  // namespace framewire
