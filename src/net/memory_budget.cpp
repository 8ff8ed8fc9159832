#include "memory_budget.hpp"

#include <malloc.h>
#include <algorithm>

namespace framewire {

// Large messages one after the other find the memory of the last one; it is returned when a second
// has passed without them.
void memory_budget::release_freed() noexcept {
    const auto in_use = highest_.exchange(held(), std::memory_order_relaxed);
    const auto kept = std::max(kept_.load(std::memory_order_relaxed), in_use);
    if (kept > in_use + freed_bytes_min) {
        ::malloc_trim(0);
        kept_.store(in_use, std::memory_order_relaxed);
    } else {
        kept_.store(kept, std::memory_order_relaxed);
    }
}

}  // namespace framewire
