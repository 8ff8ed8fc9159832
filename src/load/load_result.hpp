#pragma once

#include "framewire/core/error.hpp"
#include "latency_histogram.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// Counters. Messages and bytes are those of the recorded time, faults those of the whole run.
struct load_tally {
    std::uint64_t messages = 0;          ///< answered correctly
    std::uint64_t messages_in_time = 0;  ///< of these, before the recorded time was over
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t mismatched = 0;
    std::uint64_t out_of_order = 0;
    std::uint64_t missing = 0;
    std::uint64_t unexpected = 0;
    std::uint64_t failed_connections = 0;
    std::uint64_t unsent = 0;  ///< due but never sent, as the open loop could not keep its rate

    [[nodiscard]] std::uint64_t faults() const noexcept {
        return mismatched + out_of_order + missing + unexpected + failed_connections;
    }
    void add(const load_tally& other) noexcept;
};

/// One fault, for a person.
struct load_fault {
    std::uint64_t connection = 0;
    std::uint64_t number = 0;
    std::string words;
};

/// A second of a run, or a fraction at its end.
struct load_slice {
    std::chrono::nanoseconds end{};  // since the recorded time began
    std::chrono::nanoseconds length{};
    std::uint64_t count = 0;
    std::vector<latency_histogram::bucket> latencies;

    /// Requires: both cover the same time.
    void add(const load_slice& other);
    [[nodiscard]] double rate() const noexcept;
    [[nodiscard]] std::chrono::nanoseconds percentile(double percent) const;
};

struct load_result {
    /// So many faults are kept in words.
    static constexpr std::size_t faults_shown_max = 5;

    load_tally tally;
    /// From when a message was due (open loop) or sent (closed loop) until its reply.
    latency_histogram latency;
    /// Open loop: from when it was actually sent.
    latency_histogram uncorrected;
    /// Open loop: how much later than possible a message was sent. It was possible from when it
    /// was due, or from when its connection could take it again: what the peer delays is not in
    /// it.
    latency_histogram late;
    /// From when a connection was begun until it was established.
    latency_histogram connect;
    std::vector<load_slice> slices;
    std::vector<load_fault> faults;
    /// The number of failed connections, by the name of the error.
    std::map<std::string, std::uint64_t> failures;
    std::chrono::nanoseconds duration{};  // of the recorded time
    std::chrono::nanoseconds cpu{};       // of this program, in the whole run
    bool interrupted = false;
    /// Why the run was ended early: no connection got any reply, and this is how the first failed.
    std::optional<wire_error> hopeless{};

    void add(const load_result& other);
    [[nodiscard]] double messages_per_second() const noexcept;
};

}  // namespace framewire
