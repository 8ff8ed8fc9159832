#pragma once

#include "framewire/core/limits.hpp"
#include "framewire/core/result.hpp"
#include "framewire/net/observer.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace framewire {

struct stream_settings {
    framewire::limits limits{};
    /// For connecting, and for each `receive`; zero waits for ever.
    std::chrono::milliseconds connect_timeout{0};
    std::chrono::milliseconds timeout{0};
    /// Is told what happens on this stream; must outlive it.
    observer* watch = nullptr;
};

/// Whole payloads over a connection, for coroutines. One coroutine may send while another
/// receives; two must not do the same at once.
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
    /// Closes the connection. One that a listener accepted is parted from politely, in a coroutine
    /// of its own: our end is closed, and what still comes is thrown away for a moment, so that no
    /// reset erases what the peer has not read yet. Requires: no coroutine is inside `receive` or
    /// `send`.
    ~stream();

    /// The next payload, valid until the next call of `receive`. Fails with `io.closed` when the
    /// peer has ended the stream between two frames, or with what is wrong with the stream, which
    /// then stays so. May be called again after `io.timeout_reply`, and after `frame.too_large`
    /// for a frame that was skipped (`oversize=skip`).
    awaitable<wire_result<bytes>> receive();

    /// Sends one payload. Nothing is sent if it cannot be framed; fails with `io.timeout_write` if
    /// the peer takes nothing for `limits::write_deadline`, and the connection is then reset when
    /// the stream is destroyed. While the peer is not ready to take more, what it sends is read
    /// ahead up to `limits::assembled_bytes_max`, so that two ends that both send first do not
    /// block each other.
    awaitable<wire_result<void>> send(bytes payload);

    /// Sends one payload and waits for the next.
    awaitable<wire_result<bytes>> ask(bytes payload);

    /// True if something has been read that `receive` has not answered yet.
    [[nodiscard]] bool ready() const noexcept;

    /// Tells the peer that no more will be sent. Receiving goes on.
    void finish_sending();

    [[nodiscard]] const peer& ends() const noexcept;
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
