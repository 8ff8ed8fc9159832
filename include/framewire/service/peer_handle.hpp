#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/service/detail/peer_link.hpp"
#include "framewire/service/peer.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

namespace framewire {

class outbox;

/// Reaches a connection from any thread, for as long as it lasts; does not keep it open. Copies
/// refer to the same connection. Thread-safe.
class peer_handle {
public:
    /// Refers to no connection.
    peer_handle() = default;
    explicit peer_handle(std::shared_ptr<peer_link> link) noexcept : link_(std::move(link)) {}

    /// Sends a payload that answers nothing, after those pushed before it and never inside a
    /// reply. Waits, up to `limits::pushed_bytes_max`, while the peer does not take it; above that
    /// `policy` decides. Each payload counts 128 bytes more than its size, and one may always
    /// wait. False if this payload was dropped or the connection has ended. A payload that cannot
    /// be framed is dropped later.
    bool push(bytes payload, overflow policy = overflow::close) const;
    /// Ends the connection after everything owed has been sent.
    void close() const;
    /// Calls the task with the connection's outbox, on the thread of its loop, as if the service
    /// had been called; drops it if the connection has ended by then. Tasks of one thread run in
    /// order. Nothing bounds how many wait: the caller does. Without memory for it, the connection
    /// ends with `limit.memory`.
    void post(std::function<void(outbox&)> task) const;

    /// Ends the connection with `limit.memory`, for a caller that has no memory for a reply it
    /// owes. Needs none itself.
    void end_without_memory() const noexcept {
        if (link_) link_->lose();
    }

    [[nodiscard]] bool connected() const noexcept { return link_ && link_->connected(); }
    /// How many messages to this peer were dropped.
    [[nodiscard]] std::uint64_t dropped() const noexcept { return link_ ? link_->dropped() : 0; }
    /// Requires: the handle refers to a connection.
    [[nodiscard]] const peer& who() const noexcept { return link_->who(); }

    bool operator==(const peer_handle&) const = default;

private:
    friend class room;
    std::shared_ptr<peer_link> link_;
};

}  // namespace framewire
