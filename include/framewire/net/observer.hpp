#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/error.hpp"
#include "framewire/service/peer.hpp"

#include <cstdint>

namespace framewire {

/// Notified of what happens on connections: consoles, transcripts and logs derive from it. Every
/// function does nothing unless overridden. Called on the threads of the event loops, so an
/// observer of a server with several threads must lock. Must not throw. A slow observer delays
/// every connection of its loop.
class observer {
public:
    virtual ~observer() = default;

    /// False skips the calls that cost time for every message: `received_bytes`, `received`,
    /// `sent_bytes`, `batch_ended`. Called once for each connection.
    [[nodiscard]] virtual bool observes_traffic() const noexcept { return true; }

    virtual void opened(const peer& /*who*/) {}
    virtual void received_bytes(const peer& /*who*/, bytes /*data*/) {}
    virtual void received(const peer& /*who*/, const piece& /*received*/,
                          std::uint64_t /*offset*/) {}
    /// A frame of this size (in the framing's unit) was discarded as too large (`oversize=skip`).
    virtual void skipped(const peer& /*who*/, std::uint64_t /*size*/, std::uint64_t /*offset*/) {}
    virtual void peer_ended(const peer& /*who*/) {}
    virtual void sent_bytes(const peer& /*who*/, bytes /*data*/) {}
    virtual void closed(const peer& /*who*/, const close_reason& /*why*/) {}
    /// A connection was not accepted: `limit.connections`, `limit.fd`, or `io.failed`.
    virtual void refused(errc /*why*/) {}
    /// One cycle of the loop has reported all events of a connection; its replies are written
    /// after this.
    virtual void batch_ended() {}
};

}  // namespace framewire
