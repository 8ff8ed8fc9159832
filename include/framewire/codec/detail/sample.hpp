#pragma once

#include "framewire/core/bytes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace framewire {

/// The beginning of a frame that came in pieces, kept for error messages.
class sample {
public:
    /// Enough to recognise what the peer really speaks.
    static constexpr std::size_t bytes_max = 32;

    void reset() noexcept { size_ = 0; }
    /// Appends the bytes, up to `bytes_max` in total.
    void keep(bytes taken) noexcept {
        const auto kept = taken.substr(0, bytes_max - size_);
        kept.copy(kept_.data() + size_, kept.size());
        size_ = static_cast<std::uint8_t>(size_ + kept.size());
    }
    /// The same with the bytes at `position` in the frame, if they follow those that are kept.
    void keep_at(std::uint64_t position, bytes taken) noexcept {
        if (position == size_) keep(taken);
    }
    [[nodiscard]] bytes view() const noexcept { return {kept_.data(), size_}; }

private:
    std::uint8_t size_ = 0;
    std::array<char, bytes_max> kept_{};
};

}  // namespace framewire
