#pragma once

#include "framewire/codec/codec.hpp"
#include "framewire/codec/detail/boundary.hpp"
#include "framewire/codec/detail/frame_run.hpp"
#include "framewire/codec/detail/sample.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

/// The decoder of every framing whose payloads end at a boundary.
///
/// Bytes that could begin the boundary are held back until that is decided. If they turn out to be
/// payload, they are delivered from the decoder's own copy of the boundary: such a piece is valid
/// as long as the decoder.
class delimited_decoder {
public:
    delimited_decoder(const boundary& end, bound limit) noexcept : end_(end), limit_(limit) {}

    decoded next(bytes& input) {
        if (inside_ || failure_ || input.empty()) return next_piece(input);
        const auto found = end_.find_first(input, 0);
        const auto size = found.scanned - found.matched;
        if (found.complete && size <= limit_.payload_bytes_max) {
            const bytes payload(input.data(), size);
            frame_offset_ = offset_;
            offset_ += found.scanned;
            input = {input.data() + found.scanned, input.size() - found.scanned};
            return {.what = step::piece, .piece = {.payload = payload}};
        }
        begin_frame();
        if (!found.complete) {
            scanned_ = found.scanned;
            matched_ = found.matched;
        }
        return next_piece(input);
    }

    /// See `run_decoder`.
    void find_run(bytes input, run_bounds bounds, frame_run& run) const noexcept {
        if (inside_ || failure_) return;
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
    void take(bytes& input, const frame_run& run, std::size_t first, std::size_t count) noexcept {
        frame_offset_ =
            offset_ + static_cast<std::uint64_t>(run.begin(first + count - 1) - run.begin(first));
        const auto size = static_cast<std::size_t>(run.begin(first + count) - run.begin(first));
        offset_ += size;
        input = {input.data() + size, input.size() - size};
    }

    [[nodiscard]] frame_phase phase() const noexcept {
        return inside_ ? frame_phase::payload : frame_phase::between_frames;
    }
    void start_at(std::uint64_t offset) noexcept { offset_ = frame_offset_ = offset; }
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }
    [[nodiscard]] std::uint64_t frame_offset() const noexcept { return frame_offset_; }
    [[nodiscard]] static std::uint64_t announced() noexcept { return unknown_length; }
    /// The first bytes of an unfinished frame.
    [[nodiscard]] bytes beginning() const noexcept { return sample_.view(); }
    [[nodiscard]] const wire_error& failure() const noexcept { return *failure_; }
    [[nodiscard]] wire_error truncation() const;

private:
    decoded next_piece(bytes& input);
    void begin_frame() noexcept;
    decoded resume(bytes& input);
    decoded read_payload(bytes& input);
    decoded deliver(bytes data, bool last, bytes seen);
    decoded fail_size(bytes seen);
    decoded fail(wire_error error) noexcept;
    void take(bytes& input, std::size_t size) noexcept;

    std::uint64_t offset_ = 0;  // not next to frame_offset_, see prefixed_decoder
    boundary end_;
    bound limit_;
    std::uint64_t frame_offset_ = 0;
    std::uint64_t payload_bytes_ = 0;
    // Bytes of the boundary at the end of what was scanned: already taken, or, after `scanned_`
    // bytes, still in the input.
    std::size_t matched_ = 0;
    std::size_t scanned_ = 0;
    bool inside_ = false;
    bool first_ = true;
    bool skipping_ = false;
    sample sample_;
    std::optional<wire_error> failure_;
};

/// The payload's size, or `frame.delimiter` if a decoder would find its end elsewhere.
[[nodiscard]] tl::expected<std::uint64_t, errc> measure_delimited(bytes payload,
                                                                  const boundary& end) noexcept;

}  // namespace framewire
