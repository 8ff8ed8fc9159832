#pragma once

#include "framewire/codec/detail/boundary.hpp"
#include "framewire/codec/detail/decoder_state.hpp"

#include <cstddef>
#include <cstdint>

namespace framewire {

/// The decoder of every framing whose payloads end at a boundary.
///
/// Bytes that could begin the boundary are held back until that is decided. If they turn out to be
/// payload, they are delivered from the decoder's own copy of the boundary: such a piece is valid
/// as long as the decoder.
class delimited_decoder : public counting_state {
public:
    delimited_decoder(const boundary& end, bound limit) noexcept
        : counting_state(limit), end_(end) {}

    decoded next(bytes& input) {
        if (inside() || input.empty()) return next_piece(input);
        const auto found = end_.find_first(input, 0);
        const auto size = found.scanned - found.matched;
        if (found.complete && size <= limit_.payload_bytes_max) {
            return take_frame(input, found.scanned, {.payload = {input.data(), size}});
        }
        begin_frame(offset_);
        if (!found.complete) {
            scanned_ = found.scanned;
            matched_ = found.matched;
        }
        return next_piece(input);
    }

    /// See `run_decoder`.
    void find_run(bytes input, run_bounds bounds, frame_run& run) const noexcept {
        if (inside()) return;
        const auto* at = input.data();
        const auto* const end = at + input.size();
        const auto* const stop = bounds.bytes < input.size() ? at + bounds.bytes : end;
        run.announced = false;
        run.canonical_trailer = static_cast<std::uint8_t>(end_.name().size());
        while (at < stop && run.size() < bounds.frames) {
            const auto found = end_.find_first({at, static_cast<std::size_t>(end - at)}, 0);
            const auto size = found.scanned - found.matched;
            if (!found.complete || size > limit_.payload_bytes_max) break;
            const auto trailer = static_cast<std::uint8_t>(found.matched);
            run.odd_frames += trailer == run.canonical_trailer ? 0U : 1U;
            run.add(at, {0, trailer}, size);
            at += found.scanned;
        }
        run.end(at);
    }
    /// How many bytes surround a payload in the frame that would be sent for it.
    [[nodiscard]] std::size_t canonical_edges() const noexcept { return end_.name().size(); }
    [[nodiscard]] wire_error truncation() const { return truncated_before(end_.name()); }

private:
    decoded next_piece(bytes& input);
    decoded resume(bytes& input);
    decoded read_payload(bytes& input);
    decoded deliver_seen(bytes data, bool last, bytes seen);
    void take_scanned(bytes& input, std::size_t size) noexcept;

    boundary end_;
    // Bytes of the boundary at the end of what was scanned: already taken, or, after `scanned_`
    // bytes, still in the input.
    std::size_t matched_ = 0;
    std::size_t scanned_ = 0;
};

/// The payload's size, or `frame.delimiter` if a decoder would find its end elsewhere.
[[nodiscard]] tl::expected<std::uint64_t, errc> measure_delimited(bytes payload,
                                                                  const boundary& end) noexcept;

}  // namespace framewire
