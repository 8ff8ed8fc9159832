#pragma once

#include "captured_stream.hpp"
#include "segment.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace framewire {

/// Reassembles what one side of a stream sent. Segments may come late, twice and overlapping;
/// bytes that come twice keep their first value. Sequence numbers may wrap around.
///
/// Missing bytes become a gap when they cannot come any more: when the caller says so, as captures
/// are not quite in order; or, where only one side was captured, after many segments.
class captured_direction {
public:
    using sink = std::function<void(const captured_piece&)>;
    /// Where a segment is in the file.
    struct place {
        std::chrono::system_clock::time_point time{};
        std::uint64_t packet = 0;
    };

    explicit captured_direction(stream_side from) noexcept : from_(from) {}

    /// A SYN of this side. Requires: it is called first.
    void begin_after_syn(std::uint32_t sequence) noexcept;

    /// A segment of this side. Passes on the pieces that have become readable.
    void take(const segment& one, const place& where, const sink& out);
    /// A segment of the other side, which may acknowledge what is missing here.
    void take_reply(const segment& one) noexcept;

    /// True if bytes are missing that the other side has acknowledged: they are in a segment that
    /// was captured late, or in none.
    [[nodiscard]] bool is_in_doubt() const;
    /// True if the segment has some of the first missing bytes.
    [[nodiscard]] bool fills(const segment& one) const;
    /// Takes the first missing bytes to be missing for good. Requires: some are missing.
    void give_up_first(const sink& out);
    /// Takes all missing bytes to be missing for good. Requires: no more segments come.
    void finish(const sink& out);

    /// The memory that waiting bytes take.
    [[nodiscard]] std::size_t waiting_bytes() const noexcept { return waiting_bytes_; }
    /// The number of the record since which bytes wait. Requires: `waiting_bytes() > 0`.
    [[nodiscard]] std::uint64_t waiting_since() const {
        return waiting_.begin()->second.where.packet;
    }
    [[nodiscard]] bool is_midway() const noexcept { return midway_; }
    /// True if segments were captured only in part.
    [[nodiscard]] bool is_cut() const noexcept { return cut_; }

private:
    struct waiting_piece {
        std::string data;
        place where;
        /// The number of segments of this side before it.
        std::uint64_t order = 0;
    };

    [[nodiscard]] bool begin(const segment& one);
    void end_at(std::int64_t offset, const place& where);
    void store(std::int64_t at, bytes payload, const place& where);
    void wait(std::int64_t at, bytes payload, const place& where);
    void deliver_waiting(const place& since, const sink& out);
    void deliver(bytes payload, const place& where, const sink& out);
    void give_up_what_comes_no_more(const sink& out);
    /// The end of the first missing bytes; `delivered_` if none are.
    [[nodiscard]] std::int64_t missing_until() const;

    stream_side from_;
    bool begun_ = false;
    bool midway_ = false;
    bool ended_ = false;
    bool cut_ = false;
    bool has_replies_ = false;
    /// The sequence number of the next byte, which has the offset `delivered_`.
    std::uint32_t next_ = 0;
    std::int64_t delivered_ = 0;
    /// The end of what was sent, captured or not, and the segment that says so.
    std::int64_t sent_ = 0;
    place sent_at_{};
    std::uint64_t sent_order_ = 0;
    /// The end of what the other side has acknowledged.
    std::int64_t acknowledged_ = 0;
    std::uint64_t segments_ = 0;
    std::optional<std::int64_t> fin_;
    place fin_at_{};
    /// By offset, without overlaps.
    std::map<std::int64_t, waiting_piece> waiting_;
    std::size_t waiting_bytes_ = 0;
};

}  // namespace framewire
