#pragma once

#include "framewire/core/limits.hpp"
#include "framewire/core/result.hpp"
#include "framewire/io/address.hpp"
#include "framewire/net/observer.hpp"
#include "framewire/transport/proxy_announcement.hpp"
#include "framewire/transport/tls.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

class framing;

/// How a client reconnects after its connection was lost.
struct reconnect_policy {
    /// Attempts that fail one after another before the client gives up; 0 never connects again. A
    /// connection that ends before it has brought a payload counts as one that failed.
    unsigned attempts_max = 0;
    /// The pause before the first attempt. It doubles with every further one, up to `longest`, and
    /// is shortened at random by up to a half, so that many clients do not come back at once.
    std::chrono::milliseconds first{100};
    std::chrono::milliseconds longest{10'000};
};

struct client_settings {
    framewire::limits limits{};
    /// For each attempt to connect; zero waits forever. 5 s is more than any network needs.
    std::chrono::milliseconds connect_timeout{5'000};
    /// From a call to its reply, checked about every 50 ms; zero waits forever.
    std::chrono::milliseconds timeout{5'000};
    /// Notified of what happens; must outlive the client.
    framewire::observer* observer = nullptr;
    /// Reads from a request, and from a reply, the id that they have in common. If null, replies
    /// come in the order of the requests. Called by one thread at a time. Requires: does not use
    /// the client.
    std::function<std::string(bytes payload)> id{};
    /// Called on the engine's thread with each payload that answers no request. If null, these
    /// are kept for `client::receive`.
    std::function<void(bytes payload)> pushed{};
    reconnect_policy reconnect{};
    /// Requests that may wait for their replies; one more fails with `limit.requests`. 1024 keep
    /// any link busy, and a server that never replies cannot use up our memory.
    std::size_t requests_max = 1024;
    /// Without it, the connection is plain.
    std::optional<tls_client_settings> tls{};
    /// If set, a PROXY header is the first thing that is sent, before TLS.
    std::optional<proxy_announcement> proxy{};
};

/// Requests and replies over one connection at a time. Thread-safe.
///
/// Calls that return a reply block. They need no thread: the caller drives the connection until
/// its reply arrives, also for other waiting callers. Futures, callbacks, `pushed` and `reconnect`
/// need the *engine's thread*, which the first of them starts. A call that would block on that
/// thread fails with `io.failed`. If a callback throws, the connection ends with `io.failed`.
///
/// A request that fails with `io.timeout_reply` is over. The next request does not get its late
/// reply: without `client_settings::id` it is discarded. If that reply never arrives, every later
/// one is matched to the request before its own; connect again then. With ids, a late reply is
/// passed to `pushed`, or discarded.
///
/// When the connection is lost, every request that was sent fails with its error: the server may
/// have received it. Requests that were not sent wait for the next connection, if the client
/// reconnects, until their timeout.
class client {
public:
    using reply = wire_result<std::string>;

    /// Fails if the address or the framing cannot be parsed, or if no connection can be made.
    static result<client> connect(std::string_view address, std::string_view framing,
                                  client_settings settings = {});
    /// The same with a parsed address and framing.
    static result<client> connect(const address& where, const framing& frames,
                                  client_settings settings = {});

    client(client&&) noexcept;
    client& operator=(client&&) noexcept;
    /// Closes the connection. Outstanding calls fail with `io.closed`; callbacks run on the
    /// engine's thread before this returns, and their new requests are dropped. A payload that
    /// was not sent completely resets the connection, so that the peer cannot mistake a part for
    /// the whole.
    ~client();

    /// Sends one payload and waits for its reply. If the payload cannot be framed, nothing is
    /// sent. Fails with `io.timeout_reply`, with the stream's error, or with `io.closed` once the
    /// peer has ended the stream.
    reply request(bytes payload);
    reply request(bytes payload, std::chrono::milliseconds timeout);
    /// The same, without waiting. Throws `std::system_error` if there is no thread for the engine.
    std::future<reply> request_later(bytes payload);
    /// The same, with a callback on the engine's thread.
    void request(bytes payload, std::function<void(reply)> then);

    /// Sends a payload that has no reply. Returns once the system has accepted all of it. On the
    /// engine's thread it only queues, and does not report what fails.
    wire_result<void> send(bytes payload);

    /// The next payload that answers no request. They are kept until then, up to
    /// `limits::pushed_bytes_max`; above that nothing is read from the peer, unless a request
    /// waits: then the oldest of them is dropped. Fails as `request` does; may be called again
    /// after `io.timeout_reply`, and after `frame.too_large` for a frame that was skipped
    /// (`oversize=skip`). Requires: `client_settings::pushed` is null.
    reply receive();
    reply receive(std::chrono::milliseconds timeout);

    /// Ends our stream after everything that was queued: the peer sees the end, and gets no more
    /// requests. Receiving continues. The client does not reconnect.
    void shutdown_send();

    /// False once the connection is over for good: every request fails. Without the engine's
    /// thread, a client notices only in its next call that the peer has gone.
    [[nodiscard]] bool usable() const noexcept;
    /// The ends of the current connection, or of the latest.
    [[nodiscard]] framewire::peer peer() const;

private:
    struct implementation;
    explicit client(std::shared_ptr<implementation> self);
    std::shared_ptr<implementation> self_;
};

}  // namespace framewire
