#pragma once

#include "framewire/core/units.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <new>

namespace framewire {

/// Memory that is kept for the moment in which no other can be had, so that a loop can end one
/// connection and serve the next.
class memory_reserve {
public:
    memory_reserve() noexcept { (void)hold(); }

    /// Allocates it unless that has been done. False if there is no memory for it.
    bool hold() noexcept {
        if (!held_) held_.reset(new (std::nothrow) std::array<char, reserve_bytes>);
        return held_ != nullptr;
    }
    void release() noexcept { held_.reset(); }

private:
    // Some dozen connections, or the buffers of a few requests. Below the size that the C library
    // would map and not add to its free memory.
    static constexpr std::size_t reserve_bytes = 64 * KiB;

    std::unique_ptr<std::array<char, reserve_bytes>> held_;
};

}  // namespace framewire
