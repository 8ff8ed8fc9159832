#pragma once

#include "framewire/core/limits.hpp"
#include "framewire/core/result.hpp"
#include "framewire/net/observer.hpp"
#include "framewire/session/session.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace framewire {

struct stream_settings {
    framewire::limits limits{};
    /// For connecting; zero waits for ever.
    std::chrono::milliseconds connect_timeout{0};
    /// How long `receive` waits while not a byte moves either way; zero waits for ever. Does not
    /// run while something is being sent: `limits::write_deadline` does.
    std::chrono::milliseconds timeout{0};
    /// Is told what happens on this stream; must outlive it.
    framewire::observer* observer = nullptr;
    /// What becomes of payloads above `limits::assembled_bytes_max`.
    delivery mode = delivery::whole;
};

/// Payloads over a connection, for coroutines. One coroutine may send while another receives; two
/// must not do the same at once. A wait that is cancelled costs nothing that was received.
class stream {
public:
    template <class T>
    using awaitable = boost::asio::awaitable<T>;

    /// Connects on the calling coroutine's executor.
    static awaitable<result<stream>> connect(std::string_view address, std::string_view framing,
                                             stream_settings settings = {});
    /// The same with an address and a framing that have been parsed.
    static awaitable<result<stream>> connect(address where, framing frames,
                                             stream_settings settings = {});

    stream(stream&&) noexcept;
    stream& operator=(stream&&) noexcept;
    /// Closes the connection. One that a listener accepted is closed politely, in a coroutine
    /// of its own: our end is closed, and what still comes is thrown away for a moment, so that no
    /// reset erases what the peer has not read yet. One that has begun a payload and not ended it
    /// is reset, so that no part looks like the whole. Requires: no coroutine is inside `receive`
    /// or `send`.
    ~stream();

    /// The next payload, valid until the next call of `receive`. Fails with `io.closed` when the
    /// peer has ended the stream between two frames, or with what is wrong with the stream, which
    /// then stays so. May be called again after `io.timeout_reply`, and after `frame.too_large`
    /// for a frame that was skipped (`oversize=skip`). Requires: `stream_settings::mode` is
    /// `delivery::whole`.
    awaitable<wire_result<bytes>> receive();
    /// The next payload, or the next piece of one, in the same way.
    awaitable<wire_result<piece>> receive_piece();

    /// Sends one payload. Nothing is sent if it cannot be framed; fails with `io.timeout_write` if
    /// the peer takes nothing for `limits::write_deadline`, and the connection is then reset when
    /// the stream is destroyed. While the peer is not ready to take more, what it sends is read
    /// ahead up to `limits::assembled_bytes_max`, so that two ends that both send first do not
    /// block each other.
    awaitable<wire_result<void>> send(bytes payload);

    /// Sends one payload in pieces: `begin`, any number of `append`, `end`, and nothing else in
    /// between. `begin` queues the header; it fails, with nothing begun, if a payload of that
    /// length (as the framing counts) cannot be framed. The others fail as `send` does, and as
    /// `framing::append` and `framing::end` do; the stream can then only be destroyed.
    wire_result<void> begin(std::uint64_t announced);
    awaitable<wire_result<void>> append(bytes part);
    awaitable<wire_result<void>> end();

    /// Sends one payload and waits for the next.
    awaitable<wire_result<bytes>> request(bytes payload);

    /// True if something has been read that `receive` has not answered yet.
    [[nodiscard]] bool ready() const noexcept;

    /// Tells the peer that no more will be sent. Receiving goes on. Requires: no payload is begun
    /// and not ended.
    void shutdown_send();

    [[nodiscard]] const framewire::peer& peer() const noexcept;
    /// The socket's descriptor, to wait on together with others; not to be read, written or
    /// closed.
    [[nodiscard]] int native_handle() const noexcept;

private:
    friend class listener;
    struct implementation;
    // Takes over a connected descriptor, unless the system cannot watch one more.
    static std::optional<stream> adopt(const boost::asio::any_io_executor& executor,
                                       int descriptor, const framing& frames,
                                       stream_settings settings);
    explicit stream(std::unique_ptr<implementation> self);
    std::unique_ptr<implementation> self_;
};

}  // namespace framewire
