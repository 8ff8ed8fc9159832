#pragma once

#include "framewire/codec/detail/frame_progress.hpp"
#include "framewire/codec/detail/frame_run.hpp"

#include <concepts>
#include <cstddef>
#include <string>
#include <utility>

namespace framewire {

/// Reads frames whose payload is written in other bytes, or ends where its own bytes say so.
template <class R>
concept payload_reader = requires(R reader, const R& view, bytes input) {
    /// Reads from the front of `input`, which is not empty: as much as is payload without a gap,
    /// or the end of the frame, or bytes between frames.
    { reader.read(input) } -> std::same_as<reading_step>;
    /// The least number of bytes that ends the frame.
    { view.wanted() } -> std::same_as<std::size_t>;
    /// What ends a frame, for messages.
    { view.end_name() } -> std::same_as<bytes>;
    /// Why the byte at the front of `input` is wrong; the frame has this beginning.
    { view.complain(input, input) } -> std::same_as<complaint>;
};

/// A reader that finds frames which are whole and whose payload lies in the input as it is. No
/// frame begins in its `fill`.
template <class R>
concept quick_reader = payload_reader<R> && requires(R reader, const R& view, bytes input,
                                                     frame_edges& edges, std::size_t& scanned) {
    /// The size of the frame at the front of `input`, and how many of its bytes surround the
    /// payload; 0 if it is another, or not between frames. Then `scanned` is the number of
    /// bytes that were seen to be the frame's beginning and payload without a gap.
    { view.find_frame(input, edges, scanned) } -> std::same_as<std::size_t>;
    /// Reads what was scanned without scanning it again. Requires: `scanned` is not 0.
    { reader.read_on(input, scanned) } -> std::same_as<reading_step>;
    /// What follows the payload in a frame that is sent, and whether frames are sent again as
    /// they came.
    { view.canonical_trailer() } -> std::same_as<std::uint8_t>;
    { view.is_canonical() } -> std::same_as<bool>;
};

/// The decoder of framings that are read step by step. A payload that lies in the input as it is
/// comes whole, others in pieces, some of them from the reader's own bytes.
template <payload_reader Reader>
class reading_decoder : public frame_progress {
public:
    reading_decoder(Reader reader, bound limit) noexcept
        : frame_progress(limit), reader_(std::move(reader)) {}

    decoded next(bytes& input) {
        if (has_failed()) return {.what = step::failed};
        while (!input.empty()) {
            std::size_t scanned = 0;
            if constexpr (quick_reader<Reader>) {
                frame_edges edges;
                const auto size = find_frame(input, edges, scanned);
                if (size != 0) {
                    const auto payload =
                        input.substr(edges.header, size - edges.header - edges.trailer);
                    return take_frame(input, size, {.payload = payload});
                }
            }
            const auto found = read(input, scanned);
            if (found.what == reading_step::kind::wrong) {
                return fail_step(errc::frame_syntax,
                                 reader_.complain(begin_failure(input), input));
            }
            const auto done = take_step(input, found, reader_.end_name());
            if (done.what != step::need_more) return done;
        }
        return {.wanted = inside() ? reader_.wanted() : 1};
    }

    /// See `run_decoder`.
    void find_run(bytes input, run_bounds bounds, frame_run& run) const noexcept
        requires quick_reader<Reader>
    {
        if (inside() || has_failed()) return;
        const auto* at = input.data();
        const auto* const end = at + input.size();
        const auto* const stop = bounds.bytes < input.size() ? at + bounds.bytes : end;
        run.announced = false;
        run.canonical = reader_.is_canonical();
        run.canonical_trailer = reader_.canonical_trailer();
        while (at < stop && run.size() < bounds.frames) {
            frame_edges edges;
            std::size_t scanned = 0;
            const auto size = find_frame({at, static_cast<std::size_t>(end - at)}, edges, scanned);
            if (size == 0) break;
            run.odd_frames += edges.trailer == run.canonical_trailer ? 0U : 1U;
            run.add(at, edges, size - edges.header - edges.trailer);
            at += size;
        }
        run.end(at);
    }
    [[nodiscard]] wire_error truncation() const { return truncated_before(reader_.end_name()); }

private:
    reading_step read(bytes input, std::size_t scanned) noexcept {
        if constexpr (quick_reader<Reader>) {
            if (scanned > 0) return reader_.read_on(input, scanned);
        }
        return reader_.read(input);
    }
    std::size_t find_frame(bytes input, frame_edges& edges, std::size_t& scanned) const noexcept {
        const auto size = reader_.find_frame(input, edges, scanned);
        const auto around = std::size_t{edges.header} + edges.trailer;
        return size != 0 && size - around <= limit_.payload_bytes_max ? size : 0;
    }

    Reader reader_;
};

}  // namespace framewire
