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

/// Reassembles what one side of a stream sent. Segments may come late, twice and overlapping;
/// bytes that come twice keep their first value. Sequence numbers may wrap around.
class captured_direction {
public:
    explicit captured_direction(stream_side from) noexcept : from_(from) {}

    /// Appends the pieces that have become readable. Returns the memory that the new bytes of the
    /// segment take, in bytes: nothing is allocated beyond that.
    std::size_t take(const segment& one, std::chrono::nanoseconds time,
                     std::vector<captured_piece>& pieces);

    /// Appends what is missing. Requires: no more segments come.
    void append_remarks(std::vector<std::string>& remarks) const;

private:
    [[nodiscard]] bool begin(const segment& one);
    void end_at(std::int64_t offset);
    std::size_t store(std::int64_t at, bytes payload);
    void deliver(std::chrono::nanoseconds time, std::vector<captured_piece>& pieces);

    stream_side from_;
    bool begun_ = false;
    bool midway_ = false;
    bool ended_ = false;
    bool cut_ = false;
    /// The sequence number of the next byte, which has the offset `delivered_`.
    std::uint32_t next_ = 0;
    std::int64_t delivered_ = 0;
    /// The end of what was sent, captured or not.
    std::int64_t sent_ = 0;
    std::optional<std::int64_t> fin_at_;
    /// By offset, without overlaps.
    std::map<std::int64_t, std::string> waiting_;
};

}  // namespace framewire
