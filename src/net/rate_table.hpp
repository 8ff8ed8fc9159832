#pragma once

#include "address_table.hpp"
#include "rate_bucket.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace framewire {

/// What the connections of one host may send, together.
struct peer_rates {
    peer_rates(std::uint64_t messages_per_second, std::uint64_t bytes_per_second) noexcept
        : messages(messages_per_second), bytes(bytes_per_second) {}

    rate_bucket messages;
    rate_bucket bytes;
};

/// The rates of every host. One that leaves and comes back has spent what it had spent.
/// Thread-safe.
class rate_table {
public:
    /// Zero: no bound, see `rate_bucket`.
    rate_table(std::uint64_t messages_per_second, std::uint64_t bytes_per_second) noexcept
        : messages_(messages_per_second), bytes_(bytes_per_second) {}

    /// Null if nothing is bounded. A connection without a host has rates of its own.
    [[nodiscard]] std::shared_ptr<peer_rates> of(const address_key& host, time_point now);
    /// How many hosts it remembers.
    [[nodiscard]] std::size_t size() const;
    /// For connections that open from now on. Every host begins with all of its tokens.
    void limit(std::uint64_t messages_per_second, std::uint64_t bytes_per_second);

private:
    void forget_idle(time_point now);

    mutable std::mutex mutex_;
    std::uint64_t messages_;
    std::uint64_t bytes_;
    std::unordered_map<address_key, std::shared_ptr<peer_rates>, address_key::hash> hosts_;
    std::size_t full_at_ = hosts_min;

    // So many are remembered without a search for those that could be forgotten.
    static constexpr std::size_t hosts_min = 1024;
};

}  // namespace framewire
