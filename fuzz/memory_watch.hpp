#pragma once

#include <sanitizer/allocator_interface.h>
#include <algorithm>
#include <cstddef>

namespace framewire::fuzz {

/// Counts the memory that its thread holds more than when the watch began. One at a time.
class memory_watch {
public:
    memory_watch() {
        [[maybe_unused]] static const int installed =
            __sanitizer_install_malloc_and_free_hooks(took, gave_back);
        live_bytes_ = most_bytes_ = 0;
    }

    [[nodiscard]] std::size_t most() const { return static_cast<std::size_t>(most_bytes_); }

private:
    static void took(const volatile void* /*memory*/, std::size_t size) {
        live_bytes_ += static_cast<std::ptrdiff_t>(size);
        most_bytes_ = std::max(most_bytes_, live_bytes_);
    }
    static void gave_back(const volatile void* memory) {
        live_bytes_ -= static_cast<std::ptrdiff_t>(__sanitizer_get_allocated_size(memory));
    }

    static thread_local inline std::ptrdiff_t live_bytes_ = 0;
    static thread_local inline std::ptrdiff_t most_bytes_ = 0;
};

}  // namespace framewire::fuzz
