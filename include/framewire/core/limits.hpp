#pragma once

#include "framewire/core/units.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace framewire {

/// What one peer may cost. Every bound has a default; a duration of zero switches that deadline
/// off.
struct limits {
    /// The largest payload that is put together in memory. Services that can work in pieces are
    /// given larger ones in pieces, all others refuse them (`frame.too_large`). 16 MiB holds what
    /// people call a message, and a thousand peers that each send that much still fit a server's
    /// memory.
    std::uint64_t assembled_bytes_max = 16 * MiB;

    /// From a frame's first byte to its header's end. A header is at most a few dozen bytes and
    /// normally one segment; 5 s forgives several retransmissions.
    std::chrono::milliseconds header_deadline{5'000};

    /// While a payload is incomplete, every period of this length must bring `body_rate_min` bytes
    /// per second or the payload's end. 30 s outlasts a mobile hand-over.
    std::chrono::milliseconds body_deadline{30'000};

    /// Bytes per second. 1 KiB/s is slower than any link worth serving and still ends a peer that
    /// trickles one byte a second to occupy us.
    std::uint64_t body_rate_min = 1 * KiB;

    /// Between frames, with nothing owed either way. Off by default: a silent peer costs no
    /// buffer, and keep-alive finds those that are gone.
    std::chrono::milliseconds idle_deadline{0};

    /// Without the peer taking a single byte of its replies. After this it is reset, so that no
    /// orphaned socket stays behind in the kernel.
    std::chrono::milliseconds write_deadline{30'000};

    /// Replies waiting for the peer. Above this it is not read from until it has taken some: 256
    /// KiB keeps a fast peer busy for longer than a turn of the loop, and 4000 stuck peers cost 1
    /// GiB.
    std::size_t queued_bytes_max = 256 * KiB;

    /// Payloads of at most one byte, per second and peer. Far above what an honest peer sends (a
    /// million empty messages pass at once); a flood of them costs us much and its sender little.
    /// A peer over its budget is read more slowly, and is ended after 30 s of it. Zero switches
    /// this off.
    std::uint64_t tiny_frames_per_second_max = 1'000'000;
};

}  // namespace framewire
