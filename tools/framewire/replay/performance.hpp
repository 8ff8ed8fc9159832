#pragma once

#include "comparison.hpp"
#include "framewire/core/time.hpp"
#include "framewire/io/address.hpp"
#include "script.hpp"
#include "transport/transport.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// How a script is played.
struct performance_plan {
    transport_factory make_transport{};
    std::chrono::milliseconds timeout{5'000};
    /// So many times faster; 0 as fast as the replies come.
    double speed = 1;
    const masks* ignored = nullptr;
    /// When true, a performance ends early.
    const std::atomic<bool>* is_stopped = nullptr;
    /// Called now and then with the number of steps that are done; may be empty.
    std::function<void(std::size_t)> progressed{};
};

/// What a performance has led to.
struct performance_result {
    std::uint64_t connections = 0;
    std::uint64_t messages = 0;
    std::uint64_t compared = 0;
    std::uint64_t differences = 0;
    /// The first, and when it was found.
    std::optional<mismatch> first{};
    time_point first_at = time_point::max();
    /// Why it could not be played to its end.
    std::optional<failure> failed{};
    /// How late something was sent at most that had nothing to wait for but its time.
    std::chrono::nanoseconds late_max{0};
    /// How much later than recorded, in the end, since replies were slower.
    std::chrono::nanoseconds behind{0};

    void add(const performance_result& other);
};

/// Plays the client's end of every connection of the script against the server at `where`. What
/// was recorded after a reply is sent after it, and not before its time. Blocks.
[[nodiscard]] performance_result play_client(const script& all, const address& where,
                                             const performance_plan& plan);

/// Plays the server's end of one connection to a client that has connected: what follows a message
/// is sent as long after it as it was recorded. Blocks.
[[nodiscard]] performance_result play_server(const script& all, std::size_t connection,
                                             owned_descriptor client,
                                             const performance_plan& plan);

}  // namespace framewire
