#pragma once

#include "ip_header.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace framewire {

/// Puts fragments of IP datagrams together: at most 1024 datagrams at once, 8 MiB, each for a
/// minute.
class fragment_table {
public:
    using time_point = std::chrono::system_clock::time_point;

    /// The whole payload if this fragment completes it, which is valid until the next call.
    /// Requires: `part.fragment`.
    std::optional<bytes> take(const datagram& part, time_point when);
    /// The fragments of TCP that belong to no datagram that is complete.
    [[nodiscard]] std::uint64_t left_out() const noexcept { return left_out_; }

private:
    using key = std::tuple<segment_end, segment_end, std::uint8_t, std::uint32_t>;
    struct incomplete {
        /// By offset, without overlaps.
        std::map<std::uint32_t, std::string> parts{};
        std::uint64_t fragments = 0;
        std::size_t kept_bytes = 0;
        std::optional<std::uint32_t> size{};
        time_point since{};
        /// Its place in `by_age_`.
        std::uint64_t number = 0;
    };
    using entry = std::map<key, incomplete>::iterator;

    entry find_or_add(const key& which, time_point when);
    void add(incomplete& to, const datagram& part);
    /// The whole payload if none is missing.
    [[nodiscard]] static std::optional<std::string> join(const incomplete& from);
    void drop_oldest();
    void erase(entry which);

    std::map<key, incomplete> incomplete_{};
    std::map<std::uint64_t, key> by_age_{};
    std::string whole_{};
    std::size_t kept_bytes_ = 0;
    std::uint64_t next_number_ = 0;
    std::uint64_t left_out_ = 0;
};

}  // namespace framewire
