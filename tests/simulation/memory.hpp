#pragma once

#include <cstddef>
#include <cstdint>

namespace framewire::tests {

/// For whom memory is allocated. Every allocation remembers it, whoever frees it.
enum class memory_owner : std::uint8_t { simulation, product };

/// What the product has allocated and not freed.
[[nodiscard]] std::size_t product_bytes() noexcept;

/// Allocations are this owner's while it exists.
class allocating_for {
public:
    explicit allocating_for(memory_owner who) noexcept;
    allocating_for(const allocating_for&) = delete;
    allocating_for& operator=(const allocating_for&) = delete;
    ~allocating_for();

private:
    memory_owner before_;
};

}  // namespace framewire::tests
