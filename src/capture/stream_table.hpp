#pragma once

#include "capture_file.hpp"
#include "captured_direction.hpp"
#include "captured_stream.hpp"
#include "segment.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace framewire {

/// Assigns segments to streams, and numbers streams as Wireshark does.
class stream_table {
public:
    using place = captured_direction::place;

    /// Requires: `options` and `sink` outlive the table.
    stream_table(const capture_options& options, const piece_sink& sink)
        : options_(options), sink_(sink) {}

    /// Passes on the pieces that have become readable.
    void take(const segment& one, const place& where);

    /// Passes on what still waits. Requires: nothing is taken afterwards.
    [[nodiscard]] std::vector<captured_stream> finish();
    /// Segments of streams above the limit.
    [[nodiscard]] std::uint64_t left_out() const noexcept { return left_out_; }

private:
    /// A segment that is not taken yet.
    struct held_segment {
        segment one{};
        /// What `one.payload` refers to.
        std::string payload{};
        stream_side from{};
        place where{};
        bool is_reply_taken = false;
    };
    struct reassembly {
        std::array<captured_direction, 2> directions{captured_direction(stream_side::client),
                                                     captured_direction(stream_side::server)};
        /// What came since bytes are missing that were acknowledged.
        std::list<held_segment> held{};
        /// When the last piece became readable.
        std::chrono::system_clock::time_point time{};

        captured_direction& of(stream_side side) {
            return directions.at(static_cast<std::size_t>(side));
        }
        /// The side of which acknowledged bytes are missing.
        [[nodiscard]] captured_direction* doubted();
    };
    struct entry {
        captured_stream stream{};
        segment_end client{};
        std::uint64_t last_record = 0;
        /// Absent until a side sends something or ends: a port scan opens many streams.
        std::unique_ptr<reassembly> parts{};
        /// The sequence number of each side's SYN; if none was captured, the number before that of
        /// its first segment.
        std::array<std::optional<std::uint32_t>, 2> opened_with{};
        std::array<bool, 2> has_syn{};
        bool wanted = true;
        bool over = false;
    };

    entry* find(const segment& one);
    entry* open(const segment& one, const place& where);
    void close(entry& last);
    static void begin_reassembly(entry& of);
    void reassemble(entry& to, const segment& one, stream_side from, const place& where);
    /// Returns false if it cannot be taken before it is clear what is missing.
    bool take_reply(entry& to, const segment& one, stream_side from);
    void take(entry& to, const segment& one, stream_side from, const place& where);
    void hold(entry& to, held_segment one);
    void settle(entry& to, std::size_t held_max);
    void give_up_first(entry& of, captured_direction& direction);
    void pass(entry& from, const captured_piece& piece);
    /// Calls `act` with one of its directions and the sink of its pieces, and counts what waits.
    template <class Act>
    void change(entry& to, captured_direction& direction, Act act);

    const capture_options& options_;
    const piece_sink& sink_;
    std::deque<entry> entries_;
    std::map<std::pair<segment_end, segment_end>, entry*> latest_;
    /// The directions in which bytes wait, by the record since which they do.
    std::map<std::uint64_t, std::pair<entry*, captured_direction*>> waiting_;
    std::uint64_t waiting_bytes_ = 0;
    std::uint64_t held_bytes_ = 0;
    std::uint64_t left_out_ = 0;
};

}  // namespace framewire
