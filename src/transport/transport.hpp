#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/endpoint.hpp"
#include "framewire/core/error.hpp"
#include "framewire/core/result.hpp"
#include "framewire/core/tls_peer.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace framewire {

/// What a transport has learned about the peer.
struct peer_identity {
    /// Where the peer is, if something in between has connected for it.
    std::optional<endpoint> remote{};
    /// Null without TLS.
    std::shared_ptr<const tls_peer> tls{};
};

/// What a transport is given to become established.
struct handshake_allowance {
    /// Zero waits forever.
    std::chrono::milliseconds time;
    /// The error if it takes longer.
    errc late;
};

/// Turns bytes of the wire into bytes of the stream, and back: what is between a socket and a
/// session, without I/O and without a clock, as a session is. Plain connections have none. After
/// an error it is only good for the output that is left.
class transport {
public:
    virtual ~transport() = default;

    /// Takes bytes of the wire, and appends all of the stream that is complete by then, also if it
    /// fails. There may be more output afterwards.
    virtual wire_result<void> receive(bytes wire, std::string& stream) = 0;
    /// The wire has ended. Fails if the stream should not have.
    virtual wire_result<void> receive_eof() = 0;
    /// True once the peer has ended the stream; the wire may last longer.
    [[nodiscard]] virtual bool peer_finished() const noexcept = 0;

    /// True once the stream can begin in both directions. Until then only output leads there.
    [[nodiscard]] virtual bool established() const noexcept = 0;
    /// As it is when the connection begins.
    [[nodiscard]] virtual handshake_allowance allowance() const noexcept = 0;
    /// Valid once established.
    [[nodiscard]] virtual const peer_identity& identity() const noexcept = 0;

    /// Adds bytes of the stream to the output. Requires: established, and not ended by `close`.
    virtual wire_result<void> send(bytes stream) = 0;
    /// Ends our stream, which may add to the output. Requires: established.
    virtual void close() = 0;
    /// The memory that it owns, in bytes.
    [[nodiscard]] virtual std::size_t held_bytes() const noexcept = 0;
    /// Bytes for the wire; valid until the next call of another function. An implementation should
    /// own no buffer while there are none.
    [[nodiscard]] virtual bytes output() const noexcept = 0;
    /// The first `size` bytes of `output()` are on the wire.
    virtual void sent(std::size_t size) = 0;
};

/// Makes the transport of a new connection; may throw.
using transport_factory = std::function<std::unique_ptr<transport>()>;

}  // namespace framewire
