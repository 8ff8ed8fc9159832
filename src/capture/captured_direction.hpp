#pragma once

#include "captured_stream.hpp"
#include "segment.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// Puts what one side of a stream sent in order: segments may come late, twice and overlapping,
/// and of what is said twice the first counts. Sequence numbers may pass their largest value.
class captured_direction {
public:
    explicit captured_direction(stream_side from) noexcept : from_(from) {}

    /// Appends the parts that have become readable. Returns what it costs to keep the segment's
    /// new bytes, in bytes: nothing is allocated beyond that.
    std::size_t take(const segment& one, std::chrono::nanoseconds time,
                     std::vector<captured_part>& parts);

    /// What is missing when no more segments come.
    void append_remarks(std::vector<std::string>& remarks) const;

private:
    [[nodiscard]] bool begin(const segment& one);
    void end_at(std::int64_t offset);
    std::size_t store(std::int64_t at, bytes payload);
    void deliver(std::chrono::nanoseconds time, std::vector<captured_part>& parts);

    stream_side from_;
    bool begun_ = false;
    bool midway_ = false;
    bool ended_ = false;
    bool cut_ = false;
    /// The sequence number of the next byte, which has the offset `delivered_`.
    std::uint32_t next_ = 0;
    std::int64_t delivered_ = 0;
    /// The largest offset behind a byte that was sent, captured or not.
    std::int64_t sent_ = 0;
    std::optional<std::int64_t> fin_at_;
    /// By offset, and nowhere overlapping.
    std::map<std::int64_t, std::string> waiting_;
};

}  // namespace framewire
