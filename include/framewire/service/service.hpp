#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/error.hpp"
#include "framewire/core/result.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace framewire {

/// Where a service puts its answers. It frames them and sends them in the order given.
/// Failures (`frame.too_large`, `frame.wrong_size`, `frame.utf8`, `frame.delimiter`: this payload
/// cannot be framed) queue nothing; a service that ignores one owes its peer an answer, so the
/// connection then ends with it.
class outbox {
public:
    virtual ~outbox() = default;

    /// Queues one whole payload, which is copied.
    virtual tl::expected<void, errc> reply(bytes payload) = 0;

    /// Queues a payload in pieces: `begin` with its length as the framing counts it (that of the
    /// piece it answers, for instance), any number of `append`, `end`. Pieces that do not add up
    /// to it, or contain what ends a frame, fail as a whole payload would.
    virtual tl::expected<void, errc> begin(std::uint64_t announced) = 0;
    virtual tl::expected<void, errc> append(bytes part) = 0;
    virtual tl::expected<void, errc> end() = 0;

    /// Ends the connection once everything queued has been sent; nothing more is read from the
    /// peer.
    virtual void close() = 0;
};

/// Answers payloads. One object serves one connection, always from the same thread.
class service {
public:
    virtual ~service() = default;

    /// A payload has arrived; it is valid during the call only. Comes whole unless `streams()`.
    /// An exception ends this connection, and no other.
    virtual void receive(const piece& message, outbox& replies) = 0;

    /// A frame of this size, as its framing counts, was discarded for it (`oversize=skip`). Does
    /// nothing unless overridden; the peer can be told.
    virtual void skipped(std::uint64_t /*size*/, outbox& /*replies*/) {}

    /// True if payloads too large to be held whole may come in pieces.
    [[nodiscard]] virtual bool streams() const noexcept { return false; }
};

/// Makes the service of a new connection. Called from the server's threads, so it must be
/// thread-safe where there are several.
using service_factory = std::function<std::unique_ptr<service>()>;

/// A function of a whole payload and an outbox as a service.
using answer_function = std::function<void(bytes payload, outbox& replies)>;
[[nodiscard]] service_factory service_from(answer_function answer);

/// Reads a service's description: `echo`, `discard`, `reply:TEXT[,close]` or `acknowledge[:TEXT]`.
/// `echo` and `acknowledge` take `,until=TEXT` at the end: that payload is answered, then the
/// connection ends.
[[nodiscard]] result<service_factory> make_service(std::string_view spec);

}  // namespace framewire
