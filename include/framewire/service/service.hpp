#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/error.hpp"
#include "framewire/core/result.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace framewire {

/// Takes the replies of a service, frames them and sends them in order.
/// A call that fails queues nothing: `frame.too_large`, `frame.wrong_size`, `frame.utf8` or
/// `frame.delimiter`, as this payload cannot be framed. If the service ignores that, a reply is
/// missing, so the connection ends with that error.
class outbox {
public:
    virtual ~outbox() = default;

    /// Queues a copy of one whole payload.
    virtual tl::expected<void, errc> reply(bytes payload) = 0;

    /// Queue a payload in pieces: `begin` with its length as the framing counts it (for instance,
    /// that of the piece it replies to), any number of `append`, then `end`. Fails like `reply`,
    /// and if the pieces do not add up to that length.
    virtual tl::expected<void, errc> begin(std::uint64_t announced) = 0;
    virtual tl::expected<void, errc> append(bytes data) = 0;
    virtual tl::expected<void, errc> end() = 0;

    /// Ends the connection after everything queued has been sent; nothing more is read from the
    /// peer.
    virtual void close() = 0;
};

/// Replies to payloads. One object serves one connection, always on the same thread.
class service {
public:
    virtual ~service() = default;

    /// Called for each payload, which is valid during the call only; it is whole unless
    /// `streams()`. An exception ends this connection and no other.
    virtual void receive(const piece& message, outbox& replies) = 0;

    /// Called when a frame was discarded because of its size (`oversize=skip`), which is given as
    /// the framing counts it. Does nothing by default; an override may reply.
    virtual void skipped(std::uint64_t /*size*/, outbox& /*replies*/) {}

    /// True if payloads that are too large to be held whole may come in pieces.
    [[nodiscard]] virtual bool streams() const noexcept { return false; }
};

/// Makes the service of a new connection. Called on all threads of the server, so it must be
/// thread-safe if there are several.
using service_factory = std::function<std::unique_ptr<service>()>;

/// A service that calls a function with each whole payload.
using answer_function = std::function<void(bytes payload, outbox& replies)>;
[[nodiscard]] service_factory service_from(answer_function answer);

/// Parses the description of a service: `echo`, `discard`, `reply:TEXT[,close]` or
/// `acknowledge[:TEXT]`. With `,until=TEXT` at the end of `echo` or `acknowledge`, the connection
/// ends after the reply to that payload.
[[nodiscard]] result<service_factory> make_service(std::string_view spec);

}  // namespace framewire
