#pragma once

#include "framewire/core/endpoint.hpp"
#include "framewire/core/error.hpp"
#include "framewire/core/peer_credentials.hpp"
#include "framewire/core/tls_peer.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace framewire {

/// Identifies a connection: its two ends, and a number that is never reused.
struct peer {
    std::uint64_t id = 0;
    endpoint local;
    /// The address that a trusted proxy has announced, if there is one.
    endpoint remote;
    /// Set for local sockets.
    std::optional<peer_credentials> credentials{};
    /// What its TLS has shown; null without TLS.
    std::shared_ptr<const tls_peer> tls{};
};

/// Why a connection is closed.
struct close_reason {
    enum class kind : std::uint8_t {
        by_peer,     ///< the peer ended its stream between two frames
        by_service,  ///< the service closed
        by_drain,    ///< the server is stopping
        by_error,    ///< see `error`
    };
    kind what = kind::by_peer;
    /// Set for `by_error`; valid during the call only.
    const wire_error* error = nullptr;
};

}  // namespace framewire
