#pragma once

#include "framewire/core/time.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace framewire {

/// Bounds how many tiny frames a peer may send in a second, because they cost the receiver far
/// more than the sender. A token bucket that holds one second's worth; over budget, reading pauses
/// until it refills.
class frame_budget {
public:
    /// `per_second` zero: no bound.
    frame_budget(std::uint64_t per_second, time_point now) noexcept
        : per_second_(per_second), tokens_(per_second), refilled_(now) {}

    /// A payload of this many bytes was delivered.
    void spend(std::uint64_t payload_bytes) noexcept {
        if (payload_bytes <= tiny_bytes && tokens_ > 0) --tokens_;
    }

    /// So many tiny payloads were delivered. Requires: no more than `most` allowed.
    void spend_tiny(std::uint64_t count) noexcept { tokens_ -= std::min(count, tokens_); }
    /// How many of `wanted` frames may be delivered, whatever their size, before `admits` has to
    /// be asked again.
    [[nodiscard]] std::size_t most(std::size_t wanted) const noexcept {
        return per_second_ == 0 || tokens_ >= wanted ? wanted : static_cast<std::size_t>(tokens_);
    }

    /// Refills what is due; true if another frame may be delivered now.
    bool admits(time_point now) noexcept { return per_second_ == 0 || tokens_ > 0 || refill(now); }

    /// Pauses until the next refill, which is not held against the peer.
    void yield(time_point now) noexcept {
        tokens_ = 0;
        refilled_ = now;
        yields_ = true;
    }

    [[nodiscard]] bool paused() const noexcept { return per_second_ != 0 && tokens_ == 0; }
    /// When reading may continue. Requires: `paused()`.
    [[nodiscard]] time_point resumes() const noexcept { return refilled_ + pause; }
    /// True once a peer has been over its budget for too long without a pause.
    [[nodiscard]] bool exhausted(time_point now) const noexcept {
        return paused() && paused_since_ != time_point::max() && now - paused_since_ > paused_max;
    }

private:
    // An empty message, or one that is a single byte.
    static constexpr std::uint64_t tiny_bytes = 1;
    // Short, so that a paused peer is not served in bursts.
    static constexpr std::chrono::milliseconds pause{50};
    static constexpr std::chrono::seconds paused_max{30};

    // True if a token is left now.
    bool refill(time_point now) noexcept;

    std::uint64_t per_second_;
    std::uint64_t tokens_;
    bool yields_ = false;
    time_point refilled_;
    time_point paused_since_ = time_point::max();
};

}  // namespace framewire
