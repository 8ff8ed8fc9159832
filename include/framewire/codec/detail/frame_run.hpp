#pragma once

#include "framewire/core/payload_run.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

namespace framewire {

/// Frames that are whole in the input, one after the other, as a decoder found them.
class frame_run {
public:
    /// So that a run stays in the first-level cache, and what it settles once costs nothing.
    static constexpr std::size_t frames_max = 64;

    frame_run() noexcept {}  // NOLINT: what was not added is never read

    void add(const char* begin, frame_edges edges, std::uint64_t payload_bytes) noexcept {
        begins_[count_] = begin;
        edges_[count_] = edges;
        ++count_;
        tiny_ += payload_bytes <= 1 ? 1U : 0U;
    }
    /// Adds `count` frames of `frame_bytes` each, one after the other. Requires: there is room.
    void add_alike(const char* begin, std::size_t frame_bytes, frame_edges edges,
                   std::uint64_t payload_bytes, std::size_t count) noexcept {
        for (std::size_t i = 0; i < count; ++i) begins_[count_ + i] = begin + i * frame_bytes;
        std::fill_n(edges_.begin() + count_, count, edges);
        count_ += count;
        tiny_ += payload_bytes <= 1 ? count : 0U;
    }
    /// After the last frame: where it ends.
    void end(const char* end) noexcept { begins_[count_] = end; }

    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    /// Payloads of at most one byte.
    [[nodiscard]] std::size_t tiny() const noexcept { return tiny_; }
    [[nodiscard]] const char* begin(std::size_t at) const noexcept { return begins_[at]; }
    [[nodiscard]] payload_run payloads(std::uint64_t offset) const noexcept {
        return {begins_.data(), edges_.data(), count_, offset, announced};
    }
    /// True if this frame is the one that would be sent for its payload.
    [[nodiscard]] bool is_canonical(std::size_t at) const noexcept {
        return canonical && (odd_frames == 0 || edges_[at].trailer == canonical_trailer);
    }
    [[nodiscard]] bool is_canonical() const noexcept { return canonical && odd_frames == 0; }

    bool announced = true;
    /// False if nothing is known of the frames; else those are canonical that have this trailer,
    /// all but `odd_frames`.
    bool canonical = true;
    std::uint8_t canonical_trailer = 0;
    std::size_t odd_frames = 0;

private:
    std::size_t count_ = 0;
    std::size_t tiny_ = 0;
    std::array<const char*, frames_max + 1> begins_;
    std::array<frame_edges, frames_max> edges_;
};

/// How far a run may go: so many frames, and no further frame once it has so many bytes.
struct run_bounds {
    std::size_t frames = frame_run::frames_max;
    std::size_t bytes = static_cast<std::size_t>(-1);
};

/// A decoder that finds runs. `find_run` adds the frames at the front of `input` that are whole
/// and valid; what it leaves, `next` decides. It changes nothing: `take` does, with the frames
/// that were delivered.
template <class D>
concept run_decoder =
    requires(D decoder, const D& view, bytes& input, frame_run& run, std::size_t index) {
        { view.find_run(input, run_bounds{}, run) } -> std::same_as<void>;
        /// Takes `count` frames of the run, from the one at `first`. Requires: `input` begins with
        /// it.
        { decoder.take(input, run, index, index) } -> std::same_as<void>;
    };

}  // namespace framewire
