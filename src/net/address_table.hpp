#pragma once

#include "io/sockets.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace framewire {

/// What is counted as one host: an IPv4 address, also where it is mapped to IPv6, or the first 64
/// bits of an IPv6 address.
struct address_key {
    std::uint64_t bits = 0;
    std::uint64_t family = 0;  // 0: has no host, and is not counted

    bool operator==(const address_key&) const = default;

    struct hash {
        std::size_t operator()(const address_key& host) const noexcept;
    };
};
[[nodiscard]] address_key host_of(const socket_address& at) noexcept;
[[nodiscard]] address_key host_of(const endpoint& at) noexcept;

/// How many connections are open for each host. Thread-safe.
class address_table {
public:
    explicit address_table(std::size_t each_max) noexcept : each_max_(each_max) {}

    /// False, and counts nothing, if as many are open as one host may have.
    [[nodiscard]] bool add(const address_key& host);
    /// Hosts that have more keep them.
    void limit(std::size_t each_max) noexcept { each_max_ = each_max; }
    /// Requires: was added.
    void remove(const address_key& host) noexcept;

private:
    std::atomic<std::size_t> each_max_;
    std::mutex mutex_;
    std::unordered_map<address_key, std::size_t, address_key::hash> counts_;
};

}  // namespace framewire
