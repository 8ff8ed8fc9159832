#pragma once

#include "framewire/core/limits.hpp"
#include "framewire/core/result.hpp"
#include "framewire/io/address.hpp"
#include "framewire/net/observer.hpp"
#include "framewire/session/session.hpp"
#include "framewire/transport/tls.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace framewire {

class transport;

struct stream_settings {
    framewire::limits limits{};
    /// For connecting; zero waits forever.
    std::chrono::milliseconds connect_timeout{0};
    /// How long `receive` waits while no byte moves in either direction; zero waits forever. Does
    /// not run during a send; `limits::write_deadline` does.
    std::chrono::milliseconds timeout{0};
    /// Notified of what happens on this stream; must outlive it.
    framewire::observer* observer = nullptr;
    /// How payloads above `limits::assembled_bytes_max` are delivered.
    delivery mode = delivery::whole;
    /// For `stream::connect`, and must outlive that call. If null, the connection is plain.
    const tls_client_settings* tls = nullptr;
    /// For `listener::listen`, and must outlive that call. If null, connections are plain.
    const tls_server_settings* tls_server = nullptr;
};

/// Payloads over a connection, for coroutines. One coroutine may send while another receives, but
/// no two may send, or receive, at once. Cancelling a wait loses no received data.
class stream {
public:
    template <class T>
    using awaitable = boost::asio::awaitable<T>;

    /// Connects on the calling coroutine's executor. With TLS, returns after the handshake.
    static awaitable<result<stream>> connect(std::string_view address, std::string_view framing,
                                             stream_settings settings = {});
    /// The same with a parsed address and framing.
    static awaitable<result<stream>> connect(address where, framing frames,
                                             stream_settings settings = {});

    stream(stream&&) noexcept;
    stream& operator=(stream&&) noexcept;
    /// Closes the connection. An accepted connection lingers briefly, in a coroutine of its own:
    /// the sending side is closed and further input is discarded, so that no reset erases data
    /// that the peer has not read yet. If a payload has begun and not ended, the connection is
    /// reset instead, so that the peer cannot mistake a part for the whole. Requires: no coroutine
    /// is inside `receive` or `send`.
    ~stream();

    /// The next payload, valid until the next call of `receive`. Fails with `io.closed` once the
    /// peer has ended the stream between two frames, or with the stream's error; every later call
    /// then fails in the same way. May be called again after `io.timeout_reply`, and after
    /// `frame.too_large` for a skipped frame (`oversize=skip`). Requires: `stream_settings::mode`
    /// is `delivery::whole`.
    awaitable<wire_result<bytes>> receive();
    /// The same for the next payload or the next piece of one, in either mode.
    awaitable<wire_result<piece>> receive_piece();

    /// Sends one payload. If it cannot be framed, nothing is sent. Fails with `io.timeout_write`
    /// if the peer accepts nothing for `limits::write_deadline`; the connection is then reset when
    /// the stream is destroyed. While the peer accepts no more, its own data is read ahead, up to
    /// `limits::assembled_bytes_max`, so that two ends that both send first do not deadlock.
    awaitable<wire_result<void>> send(bytes payload);

    /// Sends one payload in pieces: `begin`, any number of `append`, `end`, and no other send in
    /// between. `begin` queues the header; if a payload of that length (in the framing's unit)
    /// cannot be framed, it fails and nothing has begun. The others fail as `send`,
    /// `framing::append` and `framing::end` do; the stream can then only be destroyed.
    wire_result<void> begin(std::uint64_t announced);
    awaitable<wire_result<void>> append(bytes data);
    awaitable<wire_result<void>> end();

    /// From here on, frames are of another framing: those received after the current frame, those
    /// sent after what was sent. `frames` describes the direction of the end that connected, and
    /// its `replies()` the other one, whichever end this is; for one direction alone, `frames`
    /// describes that. Requires: no coroutine is inside `send`.
    void use(const framing& frames, direction which = direction::both);

    /// Sends one payload and waits for the next.
    awaitable<wire_result<bytes>> request(bytes payload);

    /// True if data was read that `receive` has not returned yet.
    [[nodiscard]] bool ready() const noexcept;

    /// Shuts down the sending side: the peer sees the end of the stream. Receiving continues.
    /// Requires: no payload has begun and not ended.
    void shutdown_send();

    /// `peer::tls` of an accepted stream is set by its first `receive` or `send`.
    [[nodiscard]] const framewire::peer& peer() const noexcept;
    /// The socket's descriptor, for waiting on it together with others; must not be read, written
    /// or closed.
    [[nodiscard]] int native_handle() const noexcept;

private:
    friend class listener;
    struct implementation;
    // Takes over a connected descriptor; nothing if the system cannot poll one more.
    static std::optional<stream> adopt(const boost::asio::any_io_executor& executor,
                                       int descriptor, endpoint remote, const framing& frames,
                                       stream_settings settings, std::unique_ptr<transport> over);
    explicit stream(std::unique_ptr<implementation> self);
    std::unique_ptr<implementation> self_;
};

}  // namespace framewire
