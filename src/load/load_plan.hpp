#pragma once

#include "framewire/io/address.hpp"
#include "source_range.hpp"
#include "transport/transport.hpp"
#include "workload.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace framewire {

/// A run of load: where to, which messages, how many.
struct load_plan {
    /// In an open loop, so many are in flight only if the server cannot keep up.
    static constexpr std::uint64_t in_flight_unbounded = 65'536;

    address target;
    workload messages;
    std::uint64_t connections = 1;
    /// The maximum number of messages per connection that wait for replies.
    std::uint64_t in_flight = 1;
    /// Messages per second of all connections, each sent when due, whether replies come or not (an
    /// open loop). If absent, a message follows each reply (a closed loop).
    std::optional<double> rate{};
    /// 0: until `count` messages have been sent.
    std::chrono::milliseconds duration{10'000};
    /// Messages of all connections; 0: until `duration` is over.
    std::uint64_t count = 0;
    /// Time at the beginning that is not recorded.
    std::chrono::milliseconds warm_up{0};
    /// The time over which connections are opened, before the load begins.
    std::chrono::milliseconds ramp{0};
    /// A connection is replaced by a new one after so many messages and their replies; 0: never.
    std::uint64_t messages_per_connection = 0;
    /// For connecting, and for a reply.
    std::chrono::milliseconds timeout{5'000};
    unsigned threads = 1;
    std::optional<source_range> source{};
    /// Null: connections are plain.
    transport_factory make_transport{};

    [[nodiscard]] bool expects_replies() const noexcept {
        return messages.plan().expect != expectation::none;
    }
};

}  // namespace framewire
