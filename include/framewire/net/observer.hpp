#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/error.hpp"
#include "framewire/service/peer.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>
#include <variant>

namespace framewire {

/// What passed over a connection until it was closed.
struct connection_traffic {
    /// Frames received.
    std::uint64_t frames = 0;
    /// Bytes of the wire: with TLS, those of its records.
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
    std::chrono::nanoseconds duration{0};
};

class framing;

/// What an observer is notified of. Everything is valid during the call only.
namespace occurred {

struct opened {};

struct received_bytes {
    bytes data;
};

struct received {
    piece payload;
    /// The stream offset of its frame.
    std::uint64_t offset = 0;
};

/// A frame of this size (in the framing's unit) was discarded as too large (`oversize=skip`).
struct skipped {
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
};

struct peer_ended {};

struct sent_bytes {
    bytes data;
};

/// This many messages pushed to the peer did not reach it (see `overflow`). Comes before
/// `closed`.
struct dropped {
    std::uint64_t count = 0;
};

struct closed {
    close_reason why;
    connection_traffic passed{};
};

/// A connection was not accepted: `limit.connections`, `limit.fd`, `service.refused`, or any error
/// before its transport was established. Often only the peer's address is known, and not even
/// that if accepting failed.
struct refused {
    errc why{};
    /// More about it, or empty.
    std::string_view words{};
};

/// A service has changed the framing, from here on: `frames` is that of what is received, and its
/// `replies()` that of what is sent. Comes after what was sent before.
struct changed_framing {
    const framing& frames;
};

/// One cycle of the loop has reported everything of a connection; its replies are written after
/// this.
struct batch_ended {};

}  // namespace occurred

using occurrence =
    std::variant<occurred::opened, occurred::received_bytes, occurred::received, occurred::skipped,
                 occurred::peer_ended, occurred::sent_bytes, occurred::dropped, occurred::closed,
                 occurred::refused, occurred::changed_framing, occurred::batch_ended>;

/// Several functions as one, for `std::visit`: `[](const auto&) {}` takes what the others do not.
template <class... Functions>
struct overloaded : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
overloaded(Functions...) -> overloaded<Functions...>;

/// Notified of what happens on connections: consoles, transcripts and logs derive from it. Called
/// on the threads of the event loops, so an observer of a server with several threads must lock.
/// A slow observer delays every connection of its loop.
class observer {
public:
    virtual ~observer() = default;

    /// If it throws, for instance because memory is short, the notification is lost and counted
    /// (`server_statistics::unobserved`).
    virtual void on(const peer& who, const occurrence& what) = 0;

    /// False skips what costs time for every message: `received_bytes`, `received`, `sent_bytes`,
    /// `batch_ended`. Called once for each connection.
    [[nodiscard]] virtual bool observes_traffic() const noexcept { return true; }
};

}  // namespace framewire
