#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/units.hpp"
#include "framewire/service/peer_handle.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace framewire {

/// Sends a payload to many peers: framed once, and not copied for each of them. A peer leaves by
/// itself when its connection ends. Copies are the same room. Thread-safe.
class room {
public:
    /// `policy`: what happens to a member that does not keep up.
    explicit room(overflow policy = overflow::close);

    void join(const peer_handle& who);
    void leave(const peer_handle& who);

    /// Sends the payload to every member but `except`. Members get what is sent by one thread in
    /// that order; what is pushed to one of them alone may overtake it. False, and nothing is
    /// sent, while the loops have too much to send already (`waiting_bytes_max`).
    bool send(bytes payload, const peer_handle& except = {});

    /// Payloads that no loop has passed to its members yet. Their senders are faster than the
    /// machine: 16 MiB are more than it sends in a cycle.
    static constexpr std::size_t waiting_bytes_max = 16 * MiB;

    /// Members whose connections are open, without those that are just joining.
    [[nodiscard]] std::size_t size() const noexcept;
    /// How many payloads were not sent because too many were waiting.
    [[nodiscard]] std::uint64_t dropped() const noexcept;

private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace framewire
