#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/error.hpp"
#include "framewire/io/address.hpp"

#include <cstdint>

namespace framewire {

/// A connection as it is known from outside: its two ends, and a number that is never used again.
struct peer {
    std::uint64_t id = 0;
    endpoint local;
    endpoint remote;
};

/// Why a connection is closed.
struct close_reason {
    enum class kind : std::uint8_t {
        by_peer,     ///< the peer ended its stream between two frames
        by_service,  ///< the service closed
        by_drain,    ///< the server is stopping
        by_error,    ///< `error` says which
    };
    kind what = kind::by_peer;
    /// Set for `by_error`, and valid during the call only.
    const wire_error* error = nullptr;
};

/// Is told what happens on connections: the consoles, transcripts and logs. Every function does
/// nothing unless overridden. Called on the threads of the event loops, so an observer of a server
/// with several must lock, and must not throw; what is slow here is slow for every connection of
/// that loop.
class observer {
public:
    virtual ~observer() = default;

    /// False if it has no use for what every message costs something to tell: `received_bytes`,
    /// `received`, `sent_bytes`, `batch_ended`. Asked once for each connection.
    [[nodiscard]] virtual bool observes_traffic() const noexcept { return true; }

    virtual void opened(const peer& /*who*/) {}
    virtual void received_bytes(const peer& /*who*/, bytes /*part*/) {}
    virtual void received(const peer& /*who*/, const piece& /*part*/, std::uint64_t /*offset*/) {}
    /// A frame of this size, as the framing counts, was discarded for it (`oversize=skip`).
    virtual void skipped(const peer& /*who*/, std::uint64_t /*size*/, std::uint64_t /*offset*/) {}
    virtual void peer_ended(const peer& /*who*/) {}
    virtual void sent_bytes(const peer& /*who*/, bytes /*part*/) {}
    virtual void closed(const peer& /*who*/, const close_reason& /*why*/) {}
    /// A connection that could not be taken: `limit.connections`, `limit.fd`, or `io.failed`.
    virtual void refused(errc /*why*/) {}
    /// Everything that one turn of the loop had to say about a connection has been said; replies
    /// are written after this.
    virtual void batch_ended() {}
};

}  // namespace framewire
