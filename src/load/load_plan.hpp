#pragma once

#include "framewire/io/address.hpp"
#include "source_range.hpp"
#include "workload.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace framewire {

/// A run of load: to whom, what, how much.
struct load_plan {
    address target;
    workload messages;
    std::uint64_t connections = 1;
    /// Messages of a connection that may wait for replies at once.
    std::uint64_t in_flight = 1;
    /// Messages a second of all connections, each at its time whatever the replies do (an open
    /// loop). Without it, a message follows a reply (a closed loop).
    std::optional<double> rate{};
    /// 0: until `count` messages are sent.
    std::chrono::milliseconds duration{10'000};
    /// Messages of all connections; 0: until `duration` is over.
    std::uint64_t count = 0;
    /// At the beginning, not recorded.
    std::chrono::milliseconds warm_up{0};
    /// In which the connections are opened, before the load begins.
    std::chrono::milliseconds ramp{0};
    /// To connect, and to wait for a reply.
    std::chrono::milliseconds timeout{5'000};
    unsigned threads = 1;
    std::optional<source_range> source{};
};

}  // namespace framewire
