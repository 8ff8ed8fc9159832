#pragma once

#include "framewire/core/error.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace framewire {

/// Counters that one thread writes and any may read.
struct loop_counters {
    using counter = std::atomic<std::uint64_t>;

    counter accepted{0};
    counter frames{0};
    counter skipped{0};
    counter dropped{0};
    counter unobserved{0};
    counter bytes_received{0};
    counter bytes_sent{0};
    std::array<counter, errc_count + 1> failures{};

    // Load and store suffice, as there is only one writer.
    static void add(counter& to, std::uint64_t count) noexcept {
        to.store(to.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
    }
    void failed(errc code) noexcept { add(failures.at(static_cast<std::size_t>(code)), 1); }
};

}  // namespace framewire
