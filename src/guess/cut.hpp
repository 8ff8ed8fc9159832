#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

struct found_frame {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::uint64_t payload_bytes = 0;
    std::string payload_head{};  ///< the payload's first bytes, of the first frames only
};

/// A stream as one framing divides it.
struct stream_cut {
    static constexpr std::size_t heads_max = 64;
    static constexpr std::size_t head_bytes = 24;
    static constexpr std::size_t frames_max = 4096;

    std::vector<found_frame> frames{};  ///< the first `frames_max` of them
    std::uint64_t count = 0;            ///< all
    std::uint64_t payload_bytes = 0;
    std::uint64_t fingerprint = 0;  ///< equal if the frames begin and end at the same places
    std::size_t decoded = 0;        ///< bytes of whole frames, and of what is between them
    /// Of the frame that does not end: what its header announces, `unknown_length` if nothing.
    std::uint64_t announced = unknown_length;
    std::optional<wire_error> failure{};
};

/// Decodes the stream until it ends or fails.
[[nodiscard]] stream_cut cut_stream(const framing& frames, bytes stream);

}  // namespace framewire
