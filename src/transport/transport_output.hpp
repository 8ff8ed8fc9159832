#pragma once

#include "framewire/core/units.hpp"
#include "transport.hpp"

#include <cstddef>

namespace framewire {

/// Passes the output of a session to the wire. The session keeps what it has given until it is on
/// the wire, so its write deadline and its bound hold for any transport.
class transport_output {
public:
    /// Requires: `over` outlives it.
    explicit transport_output(transport& over) noexcept : transport_(over) {}

    /// The bytes to write next; none if there is nothing to send. `stream`: what the session has
    /// left.
    wire_result<bytes> next(bytes stream);
    /// The first `size` of these bytes have been written. Returns how many bytes of the stream
    /// count as sent: any progress counts, and the last byte only when nothing is left.
    std::size_t sent(std::size_t size);
    /// The session has discarded its output.
    void drop() noexcept { given_ = 0; }

    /// How much is passed to the transport at once, which needs a buffer of that size.
    static constexpr std::size_t chunk_max = 64 * KiB;

private:
    transport& transport_;
    std::size_t given_ = 0;  // of the stream, and not sent
};

}  // namespace framewire
