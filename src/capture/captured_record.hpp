#pragma once

#include "framewire/core/bytes.hpp"

#include <chrono>
#include <cstdint>

namespace framewire {

/// One record of a capture file.
struct captured_record {
    /// From the link's header on, as far as captured. Valid until the next record is read.
    bytes captured{};
    /// The number of bytes on the wire.
    std::uint64_t sent_bytes = 0;
    /// The number of LINKTYPE_ at tcpdump.org/linktypes.html.
    int link_type = 0;
    std::chrono::system_clock::time_point time{};
};

/// A time since the epoch, as far as the type can hold it.
[[nodiscard]] std::chrono::system_clock::time_point time_at(std::int64_t seconds,
                                                            std::int64_t nanoseconds);

}  // namespace framewire
