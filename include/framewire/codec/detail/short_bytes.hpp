#pragma once

#include "framewire/core/bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace framewire {

/// A few bytes, in place.
class short_bytes {
public:
    static constexpr std::size_t bytes_max = 8;

    constexpr short_bytes() noexcept = default;
    /// Requires: at most `bytes_max` bytes.
    explicit constexpr short_bytes(bytes some) noexcept
        : size_(static_cast<std::uint8_t>(some.size())) {
        some.copy(bytes_.data(), some.size());
    }
    [[nodiscard]] constexpr bytes view() const noexcept { return {bytes_.data(), size_}; }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
    /// Faster than `starts_with`, which calls a function to compare.
    [[nodiscard]] constexpr bool begins(bytes data) const noexcept {
        if (data.size() < size_) return false;
        for (std::size_t at = 0; at < size_; ++at) {
            if (data[at] != bytes_[at]) return false;
        }
        return true;
    }
    [[nodiscard]] constexpr bool has(char byte) const noexcept {
        return view().find(byte) != bytes::npos;
    }

private:
    std::array<char, bytes_max> bytes_{};
    std::uint8_t size_ = 0;
};

}  // namespace framewire
