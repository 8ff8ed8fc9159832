#pragma once

// Counts what a test program allocates. Replaces the global operators, so only one source file of
// each program may include it.

#include <malloc.h>
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace framewire::tests {

struct allocation_count {
    std::size_t calls = 0;
    std::size_t live_bytes = 0;
    std::size_t most_live_bytes = 0;
    std::size_t largest_bytes = 0;
};

inline allocation_count allocated;

/// Allocations since its construction.
class allocation_watch {
public:
    allocation_watch() : before_(allocated) {
        allocated.most_live_bytes = allocated.live_bytes;
        allocated.largest_bytes = 0;
    }
    [[nodiscard]] std::size_t calls() const { return allocated.calls - before_.calls; }
    /// Negative where more was freed.
    [[nodiscard]] std::ptrdiff_t kept() const {
        return static_cast<std::ptrdiff_t>(allocated.live_bytes) -
               static_cast<std::ptrdiff_t>(before_.live_bytes);
    }
    [[nodiscard]] std::size_t most() const {
        return allocated.most_live_bytes - before_.live_bytes;
    }
    [[nodiscard]] std::size_t largest() const { return allocated.largest_bytes; }

private:
    allocation_count before_;
};

}  // namespace framewire::tests

// NOLINTBEGIN: these are interfaces of the standard library.
void* operator new(std::size_t size) {
    void* memory = std::malloc(std::max<std::size_t>(size, 1));
    if (memory == nullptr) std::abort();
    auto& count = framewire::tests::allocated;
    ++count.calls;
    count.live_bytes += malloc_usable_size(memory);
    count.most_live_bytes = std::max(count.most_live_bytes, count.live_bytes);
    count.largest_bytes = std::max(count.largest_bytes, size);
    return memory;
}

void operator delete(void* memory) noexcept {
    framewire::tests::allocated.live_bytes -= malloc_usable_size(memory);
    std::free(memory);
}

void operator delete(void* memory, std::size_t /*size*/) noexcept { operator delete(memory); }
// NOLINTEND
