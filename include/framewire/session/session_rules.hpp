#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/limits.hpp"

#include <cstdint>

namespace framewire {

/// How payloads above `limits::assembled_bytes_max` are treated.
enum class delivery : std::uint8_t {
    whole,   ///< refused; every payload is delivered in one piece
    pieces,  ///< delivered in pieces as they arrive, in constant memory
};

/// Shared by all sessions of one server. Every core reads it with every message, so it has cache
/// lines of its own, which no write to a neighbour can invalidate.
struct alignas(64) session_rules {
    /// `received` is the framing of what the peer sends, and its `replies()` that of what it is
    /// sent: of a client's connection, the `reversed` one.
    session_rules(const framing& received, const limits& most, bool reads_on = false);
    session_rules(const framing& received, const framing& sent, const limits& most, bool reads_on);

    framing frames;  ///< what the peer sends
    framing sends;   ///< what it is sent
    limits bounds;
    /// False: nothing is read while too much is queued, so that a peer that does not take its
    /// replies gets no more. True for the end that sends without being asked: the peer may be
    /// waiting for it to read.
    bool reads_while_full;
    /// True if both directions have the same framing: a received frame may be sent as it is.
    bool are_alike;
};

}  // namespace framewire
