#pragma once

#include "conversation.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

namespace framewire {

/// Where decoding begins anew after bytes that cannot be decoded.
enum class resync : std::uint8_t {
    never,   ///< what follows a gap is left out
    gaps,    ///< after missing bytes, and where a capture begins in the middle of a stream
    errors,  ///< after an error, too
};

/// Which bytes are not decoded, and where decoding begins anew.
struct resync_plan {
    resync when = resync::gaps;
    /// By side: the first bytes, so many, are passed over.
    std::array<std::uint64_t, 2> from{};
    /// By side: no SYN was captured, so the first byte may be in the middle of a frame.
    std::array<bool, 2> is_midway{};
};

/// Passes over what cannot be decoded: from there on, up to the next line whose data begin as a
/// frame does. A comment says how much was missing and how much was passed over; together they
/// become one gap.
class resynchroniser {
public:
    resynchroniser(const framing& client_frames, const resync_plan& plan, line_sink to);
    ~resynchroniser();

    void take(const transcript_line& line);

private:
    class filter;
    struct sides;
    std::unique_ptr<sides> sides_;
};

[[nodiscard]] conversation resynchronised(conversation shown, const resync_plan& plan);

}  // namespace framewire
