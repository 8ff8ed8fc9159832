#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/payload_run.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>

namespace framewire {

/// What a session found in the bytes that it received.
struct event {
    enum class kind : std::uint8_t {
        frame,     ///< a payload, or a piece of a large one
        skipped,   ///< a frame over its `max` was discarded (`oversize=skip`)
        finished,  ///< the peer ended the stream between two frames
        failed,    ///< the stream cannot be decoded further: see `session::failure`
    };
    kind what = kind::finished;
    struct piece piece {};
    /// The stream offset of the frame's first byte.
    std::uint64_t offset = 0;

    bool operator==(const event&) const = default;
};

/// What became of a run that was passed on.
struct run_outcome {
    std::size_t taken = 0;  ///< payloads, from the first
    bool continues = true;  ///< false: nothing more now
};

template <class T>
concept run_taker = requires(T take, const payload_run& run) {
    { take(run) } -> std::same_as<run_outcome>;
};

}  // namespace framewire
