// With -fsanitize=thread a compiler calls a function of the sanitizer's library for every load and
// store. That library is not linked: the functions of the same names here count the loads from one
// stream. Only this file is compiled without the option.

#include "reads.hpp"

#include <cstdint>

namespace framewire::tests {
namespace {

std::uintptr_t stream_begin = 0;
std::size_t stream_size = 0;
std::size_t visible = 0;
read_counts* counting = nullptr;

template <class Count>
void for_each_byte(const void* from, std::size_t size, Count count) noexcept {
    const auto first = reinterpret_cast<std::uintptr_t>(from);
    for (auto at = first; counting != nullptr && at < first + size; ++at) {
        if (at >= stream_begin && at - stream_begin < stream_size) count(at - stream_begin);
    }
}

void read(const void* from, std::size_t size) noexcept {
    for_each_byte(from, size, [](std::size_t at) {
        ++counting->reads[at];
        if (at >= visible) ++counting->early_reads;
    });
}

void copy(const void* from, std::size_t size) noexcept {
    for_each_byte(from, size, [](std::size_t at) { ++counting->copies[at]; });
}

}  // namespace

void count_reads(std::string_view stream, read_counts& counts) {
    counts = {std::vector<unsigned>(stream.size()), std::vector<unsigned>(stream.size())};
    stream_begin = reinterpret_cast<std::uintptr_t>(stream.data());
    stream_size = visible = stream.size();
    counting = &counts;
}

void make_visible(std::size_t size) { visible = size; }

void stop_counting() { counting = nullptr; }

// NOLINTBEGIN: its names, and the linker's.
extern "C" {

void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_vptr_read(void**) {}
void __tsan_vptr_update(void**, void*) {}

void __tsan_read1(void* from) { read(from, 1); }
void __tsan_read2(void* from) { read(from, 2); }
void __tsan_read4(void* from) { read(from, 4); }
void __tsan_read8(void* from) { read(from, 8); }
void __tsan_read16(void* from) { read(from, 16); }
void __tsan_unaligned_read2(void* from) { read(from, 2); }
void __tsan_unaligned_read4(void* from) { read(from, 4); }
void __tsan_unaligned_read8(void* from) { read(from, 8); }
void __tsan_unaligned_read16(void* from) { read(from, 16); }
void __tsan_read_range(void* from, std::size_t size) { read(from, size); }

void __tsan_write1(void*) {}
void __tsan_write2(void*) {}
void __tsan_write4(void*) {}
void __tsan_write8(void*) {}
void __tsan_write16(void*) {}
void __tsan_unaligned_write2(void*) {}
void __tsan_unaligned_write4(void*) {}
void __tsan_unaligned_write8(void*) {}
void __tsan_unaligned_write16(void*) {}
void __tsan_write_range(void*, std::size_t) {}

// For static initialisation, which touches no stream.
char __tsan_atomic8_load(const volatile char* from, int) { return *from; }
int __tsan_atomic32_fetch_add(volatile int* to, int by, int) {
    const int before = *to;
    *to = before + by;
    return before;
}

// The linker redirects calls of the C library here (--wrap), as its loads are not instrumented.
void* __real_memchr(const void* from, int byte, std::size_t size);
void* __wrap_memchr(const void* from, int byte, std::size_t size) {
    auto* const found = static_cast<char*>(__real_memchr(from, byte, size));
    const auto* const begin = static_cast<const char*>(from);
    read(from, found == nullptr ? size : static_cast<std::size_t>(found - begin) + 1);
    return found;
}

int __real_memcmp(const void* one, const void* other, std::size_t size);
int __wrap_memcmp(const void* one, const void* other, std::size_t size) {
    const auto* const left = static_cast<const char*>(one);
    const auto* const right = static_cast<const char*>(other);
    std::size_t compared = 0;
    while (compared < size && left[compared] == right[compared]) ++compared;
    if (compared < size) ++compared;  // the byte that differs, too
    read(one, compared);
    read(other, compared);
    return __real_memcmp(one, other, size);
}

// clang calls this for a memcmp that only asks for equality.
int __wrap_bcmp(const void* one, const void* other, std::size_t size) {
    return __wrap_memcmp(one, other, size);
}

void* __real_memcpy(void* to, const void* from, std::size_t size);
void* __wrap_memcpy(void* to, const void* from, std::size_t size) {
    copy(from, size);
    return __real_memcpy(to, from, size);
}

void* __real_memmove(void* to, const void* from, std::size_t size);
void* __wrap_memmove(void* to, const void* from, std::size_t size) {
    copy(from, size);
    return __real_memmove(to, from, size);
}

void* __tsan_memcpy(void* to, const void* from, std::size_t size) {
    return __wrap_memcpy(to, from, size);
}
void* __tsan_memmove(void* to, const void* from, std::size_t size) {
    return __wrap_memmove(to, from, size);
}
void* __tsan_memset(void* to, int byte, std::size_t size) {
    return __builtin_memset(to, byte, size);
}

}  // extern "C"
// NOLINTEND

}  // namespace framewire::tests
