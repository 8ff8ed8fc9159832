#pragma once

#include "captured_direction.hpp"
#include "captured_stream.hpp"
#include "framewire/core/result.hpp"
#include "read_capture.hpp"
#include "segment.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace framewire {

/// When a record was captured, since the epoch.
struct capture_time {
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;

    /// Zero if `start` is later, as clocks are set back. Limited to what the type can hold.
    [[nodiscard]] std::chrono::nanoseconds since(const capture_time& start) const noexcept;
    /// Limited to what the type can hold.
    [[nodiscard]] std::chrono::system_clock::time_point on_the_clock() const noexcept;
};

/// Assigns segments to streams, and numbers streams as Wireshark does.
class stream_table {
public:
    explicit stream_table(const capture_options& options) : options_(options) {}

    /// Fails if a limit is exceeded.
    result<void> take(const segment& one, const capture_time& when);

    /// Requires: nothing is taken afterwards.
    [[nodiscard]] std::vector<captured_stream> finish();

private:
    struct entry {
        captured_stream stream{};
        segment_end client{};
        capture_time start{};
        std::chrono::nanoseconds time{0};
        std::array<captured_direction, 2> directions{captured_direction(stream_side::client),
                                                     captured_direction(stream_side::server)};
        /// The sequence number of each side's SYN; if none was captured, the number before that of
        /// its first segment.
        std::array<std::optional<std::uint32_t>, 2> opened_with{};
        bool over = false;
    };

    entry* find(const segment& one);
    result<entry*> open(const segment& one, const capture_time& when);
    result<void> add(entry& to, const segment& one, stream_side from);

    capture_options options_;
    std::deque<entry> entries_;
    std::map<std::pair<segment_end, segment_end>, entry*> latest_;
    std::uint64_t kept_bytes_ = 0;
};

}  // namespace framewire
