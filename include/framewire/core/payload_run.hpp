#pragma once

#include "framewire/core/bytes.hpp"

#include <cstddef>
#include <cstdint>

namespace framewire {

/// How much of a frame surrounds its payload, in bytes.
struct frame_edges {
    std::uint8_t header;
    std::uint8_t trailer;
};

/// Payloads that arrived whole and together, in adjacent frames. A view: it notes only where each
/// frame is, and makes a payload when it is asked for one. Everything is valid as long as what it
/// was made of; in a service, during the call.
class payload_run {
public:
    /// Requires: for each of `size` frames, `begins` has where it begins, and then where the last
    /// one ends. `offset` is the stream offset of the first; `announced` is false if the framing
    /// announces no length.
    payload_run(const char* const* begins, const frame_edges* edges, std::size_t size,
                std::uint64_t offset, bool announced) noexcept
        : begins_(begins), edges_(edges), size_(size), offset_(offset), announced_(announced) {}

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    /// Requires: `at < size()`, as everywhere below.
    [[nodiscard]] piece operator[](std::size_t at) const noexcept {
        const auto data = payload(at);
        return {.payload = data, .announced = announced_ ? data.size() : unknown_length};
    }
    [[nodiscard]] bytes payload(std::size_t at) const noexcept {
        const auto whole = frame(at);
        const auto edges = edges_[at];
        return {whole.data() + edges.header,
                whole.size() - edges.header - std::size_t{edges.trailer}};
    }
    /// The stream offset of a frame's first byte.
    [[nodiscard]] std::uint64_t offset(std::size_t at) const noexcept {
        return offset_ + static_cast<std::uint64_t>(begins_[at] - begins_[0]);
    }
    /// One frame as it arrived.
    [[nodiscard]] bytes frame(std::size_t at) const noexcept {
        return {begins_[at], static_cast<std::size_t>(begins_[at + 1] - begins_[at])};
    }
    /// All frames as they arrived.
    [[nodiscard]] bytes frames() const noexcept {
        return {begins_[0], static_cast<std::size_t>(begins_[size_] - begins_[0])};
    }
    /// The first `count` payloads. Requires: `count <= size()`.
    [[nodiscard]] payload_run first(std::size_t count) const noexcept {
        return {begins_, edges_, count, offset_, announced_};
    }
    /// Where the frames are noted: the same for a run and the first payloads of it.
    [[nodiscard]] const char* const* begins() const noexcept { return begins_; }

private:
    const char* const* begins_;
    const frame_edges* edges_;
    std::size_t size_;
    std::uint64_t offset_;
    bool announced_;
};

}  // namespace framewire
