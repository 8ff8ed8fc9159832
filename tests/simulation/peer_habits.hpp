#pragma once

#include "timeline.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace framewire::tests {

/// How a peer behaves.
struct peer_habits {
    enum class ending : std::uint8_t {
        half_close,  ///< ends its stream, and reads on
        close,
        reset,
        stay,    ///< says nothing more
        vanish,  ///< the network forgets it
    };

    std::string_view name{};
    bool honest = true;         ///< must get everything that it is owed
    std::size_t in_flight = 1;  ///< exchanges without a reply
    nanoseconds think{};        ///< at most, between two exchanges
    std::size_t chunk_max = 65'536;
    nanoseconds chunk_pause{};  ///< at most
    std::size_t read_max = 65'536;
    nanoseconds read_pause{};
    bool reads = true;
    std::size_t sends_max = static_cast<std::size_t>(-1);  ///< bytes; then it ends
    bool ends_unanswered = false;                          ///< does not wait for the last replies
    ending ends = ending::close;
};

}  // namespace framewire::tests
