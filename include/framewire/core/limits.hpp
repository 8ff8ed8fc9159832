#pragma once

#include "framewire/core/units.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace framewire {

/// What one peer may use. Every limit has a default; a duration of zero disables its deadline.
struct limits {
    /// The largest payload that is assembled in memory. Services that stream receive larger ones
    /// in pieces; for all others they fail with `frame.too_large`. 16 MiB is larger than nearly
    /// all messages, and a thousand peers that each send that much still fit in memory.
    std::uint64_t assembled_bytes_max = 16 * MiB;

    /// From a frame's first byte to the end of its header. A header has a few dozen bytes and
    /// usually comes in one segment; 5 s allow for several retransmissions.
    std::chrono::milliseconds header_deadline{5'000};

    /// While a payload is incomplete, every period of this length must bring `body_rate_min` bytes
    /// per second or the payload's end. 30 s are longer than a mobile hand-over.
    std::chrono::milliseconds body_deadline{30'000};

    /// Bytes per second. 1 KiB/s is slower than any useful link, and still ends a peer that
    /// trickles one byte per second.
    std::uint64_t body_rate_min = 1 * KiB;

    /// Between frames, with no reply pending. Off by default: a silent peer costs no buffer, and
    /// TCP keep-alive detects those that are gone.
    std::chrono::milliseconds idle_deadline{0};

    /// While replies are queued, the peer must accept `write_rate_min` bytes per second in every
    /// period of this length, or all of them. The connection is then reset, so that no orphaned
    /// socket remains in the kernel.
    std::chrono::milliseconds write_deadline{30'000};

    /// Bytes per second. As slow as `body_rate_min`, and ends a peer that keeps a large reply in
    /// our memory by accepting a few bytes of it now and then. Zero: one byte is enough.
    std::uint64_t write_rate_min = 1 * KiB;

    /// Replies queued for the peer. Above this, reading stops until the peer accepts some. 256 KiB
    /// keep a fast peer busy for longer than a cycle of the loop, and 4000 stuck peers cost 1 GiB.
    std::size_t queued_bytes_max = 256 * KiB;

    /// Messages pushed to a peer that wait until it takes them, in addition to `queued_bytes_max`.
    /// Above this, `overflow` decides. As much as for replies.
    std::size_t pushed_bytes_max = 256 * KiB;

    /// Replies that the service has deferred. At this many, reading stops until it has given one.
    /// 64 keep a pool of threads busy, and a peer cannot take all of the pool's queue.
    std::size_t deferred_max = 64;

    /// From a request to its deferred reply. 30 s are longer than a person waits.
    std::chrono::milliseconds service_deadline{30'000};

    /// Payloads of at most one byte, per second and peer, and of all peers of a loop together. An
    /// honest peer sends far fewer (a million empty messages may come at once); a flood costs us
    /// much and its sender little. A peer over its budget is read more slowly, and its connection
    /// ends after 30 s of that. While all of them are over it, those that send many are read more
    /// slowly. Zero disables this.
    std::uint64_t tiny_frames_per_second_max = 1'000'000;
};

}  // namespace framewire
