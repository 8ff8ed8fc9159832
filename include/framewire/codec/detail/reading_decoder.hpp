#pragma once

#include "framewire/codec/detail/frame_progress.hpp"

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
    /// Why the byte at the front of `input` is wrong.
    { view.complaint(input) } -> std::same_as<std::string>;
};

/// The decoder of framings that are read step by step. A payload that lies in the input as it is
/// comes whole, others in pieces, some of them from the reader's own bytes.
template <payload_reader Reader>
class reading_decoder {
public:
    reading_decoder(Reader reader, bound limit) noexcept
        : progress_(limit), reader_(std::move(reader)) {}

    decoded next(bytes& input) {
        if (progress_.has_failed()) return {.what = step::failed};
        while (!input.empty()) {
            const auto found = reader_.read(input);
            if (found.what == reading_step::kind::wrong) {
                return progress_.fail(errc::frame_syntax, input, reader_.complaint(input));
            }
            const auto done = progress_.take(input, found, reader_.end_name());
            if (done.what != step::need_more) return done;
        }
        return {.wanted = progress_.inside() ? reader_.wanted() : 1};
    }

    void start_at(std::uint64_t offset) noexcept { progress_.start_at(offset); }
    [[nodiscard]] frame_phase phase() const noexcept {
        return progress_.inside() ? frame_phase::payload : frame_phase::between_frames;
    }
    [[nodiscard]] std::uint64_t offset() const noexcept { return progress_.offset(); }
    [[nodiscard]] std::uint64_t frame_offset() const noexcept { return progress_.frame_offset(); }
    [[nodiscard]] static std::uint64_t announced() noexcept { return unknown_length; }
    [[nodiscard]] const wire_error& failure() const noexcept { return progress_.failure(); }
    [[nodiscard]] wire_error truncation() const {
        return progress_.truncation(reader_.end_name());
    }

private:
    frame_progress progress_;
    Reader reader_;
};

}  // namespace framewire
