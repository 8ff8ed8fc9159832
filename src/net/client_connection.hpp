#pragma once

#include "framewire/net/client.hpp"
#include "framewire/net/observer.hpp"
#include "framewire/session/session.hpp"
#include "io/sockets.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

/// The client's end of a connection: a connected socket and its session. Sending and receiving are
/// independent of each other, in steps that do not block; only `wait` blocks.
class client_connection {
public:
    /// `mode` says how payloads above `limits::assembled_bytes_max` are delivered.
    client_connection(owned_descriptor socket, const framing& frames,
                      const client_settings& settings, delivery mode);
    client_connection(const client_connection&) = delete;
    client_connection& operator=(const client_connection&) = delete;
    /// Closes the connection. If a payload was not sent completely, resets it, so that the peer
    /// cannot mistake a part for the whole.
    ~client_connection();

    /// Queues one payload for `write`; if it cannot be framed, queues nothing. Requires:
    /// `sending()` is false.
    wire_result<void> send(bytes payload);
    /// The same in pieces: `begin`, any number of `append`, `end`. If a payload of that length (in
    /// the framing's unit) cannot be framed, `begin` fails and nothing has begun. After a failure
    /// of the others the connection can only be destroyed.
    wire_result<void> begin(std::uint64_t announced);
    wire_result<void> append(bytes data);
    wire_result<void> end();

    /// Writes as much queued output as the system accepts. Fails with `io.timeout_write` if the
    /// peer has accepted nothing for `limits::write_deadline`; the connection is then reset.
    wire_result<void> write();
    [[nodiscard]] bool has_output() const noexcept { return !session_.output().empty(); }
    /// True from `send` or `begin` until `write` has written the payload's last byte.
    [[nodiscard]] bool sending() const noexcept { return sending_; }
    /// Shuts down the sending side: the peer sees the end of the stream. Receiving continues.
    /// Requires: `sending()` is false.
    void shutdown_send() noexcept;

    /// The next payload, or the next piece of one, valid until the next call; nothing while more
    /// bytes are needed. Fails as `client::receive` does, except that the reply timeout does not
    /// run during a send.
    std::optional<wire_result<piece>> receive();
    /// True if data was read that `receive` has not returned yet.
    [[nodiscard]] bool ready() const noexcept;

    /// Waits until `write` can continue, if output is queued; until `receive` can, if `receives`,
    /// after it returned nothing; or until the descriptor `input` is readable. While the peer
    /// accepts nothing, its data is read ahead, up to `limits::assembled_bytes_max`, so that two
    /// ends that both send first do not deadlock.
    void wait(bool receives, int input = -1);

    [[nodiscard]] const framewire::peer& peer() const noexcept { return peer_; }
    [[nodiscard]] int native_handle() const noexcept { return socket_.get(); }

private:
    // sending
    void owe();
    [[nodiscard]] wire_result<void> framed(const tl::expected<void, errc>& outcome,
                                           std::uint64_t size) const;
    wire_error give_up();
    [[nodiscard]] time_point write_deadline() const noexcept;

    // receiving
    wire_result<piece> result_of(const event& found);
    [[nodiscard]] wire_error current_error() const;
    [[nodiscard]] bool has_input() const noexcept { return !ahead_.empty() || eof_ || broken_; }
    void read_ahead();
    void take_input();
    [[nodiscard]] time_point reply_deadline() const noexcept;

    owned_descriptor socket_;
    client_settings settings_;
    framing frames_;
    session session_;
    framewire::peer peer_;
    std::string input_;  // being decoded by the session
    std::string ahead_;  // read, and not passed to the session yet
    bool eof_ = false;
    bool sending_ = false;
    bool all_queued_ = false;  // of the payload that is being sent
    time_point taken_;         // when output was last written, or queued while there was none
    time_point moved_;         // when bytes last moved, in either direction
    std::optional<time_point>
        waiting_since_;  // when `receive` was first called for the next payload
    std::optional<wire_error> broken_;
};

}  // namespace framewire
