#include "memory.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>

namespace framewire::tests {
namespace {

// Precedes every allocation, and keeps its alignment.
struct alignas(__STDCPP_DEFAULT_NEW_ALIGNMENT__) allocation {
    std::size_t size;
    memory_owner owner;
};

constinit memory_owner allocates = memory_owner::simulation;
constinit std::array<std::size_t, 2> live{};

std::size_t& live_of(memory_owner who) { return live.at(static_cast<std::size_t>(who)); }

void* allocate(std::size_t size) {
    void* const memory = std::malloc(sizeof(allocation) + size);
    if (memory == nullptr) std::abort();
    auto* const one = new (memory) allocation{size, allocates};
    live_of(one->owner) += size;
    return one + 1;
}

void release(void* memory) {
    if (memory == nullptr) return;
    auto* const one = static_cast<allocation*>(memory) - 1;
    live_of(one->owner) -= one->size;
    std::free(one);
}

}  // namespace

std::size_t product_bytes() noexcept { return live_of(memory_owner::product); }

allocating_for::allocating_for(memory_owner who) noexcept : before_(allocates) { allocates = who; }
allocating_for::~allocating_for() { allocates = before_; }

}  // namespace framewire::tests

// NOLINTBEGIN: these are interfaces of the standard library.
void* operator new(std::size_t size) { return framewire::tests::allocate(size); }
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    return framewire::tests::allocate(size);
}
void operator delete(void* memory) noexcept { framewire::tests::release(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { operator delete(memory); }
// NOLINTEND
