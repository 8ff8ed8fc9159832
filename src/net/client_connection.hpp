#pragma once

#include "framewire/net/client.hpp"
#include "framewire/net/observer.hpp"
#include "framewire/session/session.hpp"
#include "io/sockets.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

/// The client's end of a connection: a connected socket and its session. Sending and receiving go
/// on independently of each other, in steps that do not block; only `wait` does.
class client_connection {
public:
    /// `mode` says what becomes of payloads above `limits::assembled_bytes_max`.
    client_connection(owned_descriptor socket, const framing& frames,
                      const client_settings& settings, delivery mode);
    client_connection(const client_connection&) = delete;
    client_connection& operator=(const client_connection&) = delete;
    /// Closes the connection. If a payload was not sent to its end, resets it, so that no part
    /// looks like the whole.
    ~client_connection();

    /// Queues one payload for `write`; nothing is queued if it cannot be framed. Requires:
    /// `sending()` is false.
    wire_result<void> send(bytes payload);
    /// The same in pieces: `begin`, any number of `append`, `end`. `begin` fails, with nothing
    /// begun, if a payload of that length (as the framing counts) cannot be framed. After a
    /// failure of the others the connection can only be destroyed.
    wire_result<void> begin(std::uint64_t announced);
    wire_result<void> append(bytes part);
    wire_result<void> end();

    /// Writes as much of what is queued as the system takes now. Fails with `io.timeout_write` if
    /// the peer has taken nothing for `limits::write_deadline`; the connection will then be reset.
    wire_result<void> write();
    [[nodiscard]] bool has_output() const noexcept { return !session_.output().empty(); }
    /// True from `send` or `begin` until `write` has written the payload's last byte.
    [[nodiscard]] bool sending() const noexcept { return sending_; }
    /// Tells the peer that no more will be sent. Receiving goes on. Requires: `sending()` is
    /// false.
    void shutdown_send() noexcept;

    /// The next payload, or the next piece of one, valid until the next call; nothing while more
    /// must arrive first. Fails as `client::receive` does, except that the time for a reply does
    /// not run while a payload is being sent.
    std::optional<wire_result<piece>> receive();
    /// True if something has been read that `receive` has not answered yet.
    [[nodiscard]] bool ready() const noexcept;

    /// Waits until there is something to do: for `write`, if anything is queued; for `receive`, if
    /// `receives`, after it answered nothing; or because the descriptor `input` is readable. While
    /// the peer takes nothing, what it sends is read ahead up to `limits::assembled_bytes_max`, so
    /// that two ends that both send first do not block each other.
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
    wire_result<piece> answer(const event& found);
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
    std::string input_;  // what the session is decoding
    std::string ahead_;  // what has been read and not been given to it
    bool eof_ = false;
    bool sending_ = false;
    bool all_queued_ = false;          // of the payload that is being sent
    time_point taken_;                 // when the peer last took bytes, or began to be owed some
    time_point moved_;                 // when bytes last moved, either way
    std::optional<time_point> asked_;  // when `receive` was first called for what comes next
    std::optional<wire_error> broken_;
};

}  // namespace framewire
