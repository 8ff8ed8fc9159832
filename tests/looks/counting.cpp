// Under -fsanitize=thread a compiler tells of every load and store by calling functions that the
// sanitizer's library has. That library is not linked: here are functions of the same names, which
// count the loads from one stream. Only this file is compiled without the option.

#include "looks.hpp"

#include <cstdint>

namespace framewire::tests {
namespace {

std::uintptr_t stream_begin = 0;
std::size_t stream_size = 0;
std::size_t shown = 0;
look_counts* counting = nullptr;

template <class Count>
void for_each_byte(const void* from, std::size_t size, Count count) noexcept {
    const auto first = reinterpret_cast<std::uintptr_t>(from);
    for (auto at = first; counting != nullptr && at < first + size; ++at) {
        if (at >= stream_begin && at - stream_begin < stream_size) count(at - stream_begin);
    }
}

void look(const void* from, std::size_t size) noexcept {
    for_each_byte(from, size, [](std::size_t at) {
        ++counting->looks[at];
        if (at >= shown) ++counting->looks_behind;
    });
}

void copy(const void* from, std::size_t size) noexcept {
    for_each_byte(from, size, [](std::size_t at) { ++counting->copies[at]; });
}

}  // namespace

void count_looks_at(std::string_view stream, look_counts& counts) {
    counts = {std::vector<unsigned>(stream.size()), std::vector<unsigned>(stream.size())};
    stream_begin = reinterpret_cast<std::uintptr_t>(stream.data());
    stream_size = shown = stream.size();
    counting = &counts;
}

void show(std::size_t size) { shown = size; }

void stop_counting() { counting = nullptr; }

// NOLINTBEGIN: its names, and the linker's.
extern "C" {

void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_vptr_read(void**) {}
void __tsan_vptr_update(void**, void*) {}

void __tsan_read1(void* from) { look(from, 1); }
void __tsan_read2(void* from) { look(from, 2); }
void __tsan_read4(void* from) { look(from, 4); }
void __tsan_read8(void* from) { look(from, 8); }
void __tsan_read16(void* from) { look(from, 16); }
void __tsan_unaligned_read2(void* from) { look(from, 2); }
void __tsan_unaligned_read4(void* from) { look(from, 4); }
void __tsan_unaligned_read8(void* from) { look(from, 8); }
void __tsan_unaligned_read16(void* from) { look(from, 16); }
void __tsan_read_range(void* from, std::size_t size) { look(from, size); }

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

// Of what is initialised once, which no stream is.
char __tsan_atomic8_load(const volatile char* from, int) { return *from; }

// The linker sends calls of the C library's functions here (--wrap): it does not tell of loads.
void* __real_memchr(const void* from, int byte, std::size_t size);
void* __wrap_memchr(const void* from, int byte, std::size_t size) {
    auto* const found = static_cast<char*>(__real_memchr(from, byte, size));
    const auto* const begin = static_cast<const char*>(from);
    look(from, found == nullptr ? size : static_cast<std::size_t>(found - begin) + 1);
    return found;
}

int __real_memcmp(const void* one, const void* other, std::size_t size);
int __wrap_memcmp(const void* one, const void* other, std::size_t size) {
    const auto* const left = static_cast<const char*>(one);
    const auto* const right = static_cast<const char*>(other);
    std::size_t looked = 0;
    while (looked < size && left[looked] == right[looked]) ++looked;
    if (looked < size) ++looked;  // at where they differ, too
    look(one, looked);
    look(other, looked);
    return __real_memcmp(one, other, size);
}

// What clang makes of a memcmp that asks for equality only.
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
