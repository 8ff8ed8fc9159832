#pragma once

#include "conversation.hpp"
#include "side_reader.hpp"

#include "load/latency_histogram.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace framewire {

/// What is wrong with a stream: an error, or a frame that has not ended.
struct stream_fault {
    stream_side side{};
    /// An error is terminal; a frame that is incomplete is `frame.truncated`, as if its stream had
    /// ended.
    wire_error error{};
    bool is_incomplete = false;
    std::optional<std::chrono::system_clock::time_point> time{};
    std::uint64_t record = 0;

    /// `the server is wrong at 15 (#57): frame.syntax: ...`
    [[nodiscard]] std::string words() const;
};

/// What one side sent, in all.
struct side_totals {
    std::uint64_t frames = 0;
    std::uint64_t skipped = 0;
    std::uint64_t payload_bytes = 0;
    std::uint64_t smallest = UINT64_MAX;
    std::uint64_t largest = 0;
    std::uint64_t stream_bytes = 0;
    std::uint64_t gaps = 0;
    std::uint64_t missing = 0;
};

/// What both sides sent, in all.
struct conversation_totals {
    std::array<side_totals, 2> sides{};
    /// The first of both sides.
    std::optional<stream_fault> fault{};
    /// From a frame of the client to the next of the server that answers none before it. None if
    /// there was no such frame, or if their times are not known.
    std::optional<latency_histogram> replies{};
};

/// Decodes a conversation line by line and counts what both sides sent.
class summary {
public:
    /// With `delivery::pieces` it needs little memory: large payloads are not assembled, and
    /// replies are not timed.
    explicit summary(const framing& client_frames, delivery mode = delivery::whole);

    void take(const transcript_line& line);
    /// Requires: no more lines come.
    void finish();

    [[nodiscard]] const conversation_totals& totals() const noexcept { return totals_; }

private:
    void count(const transcript_line& line, stream_side side, const event& happened);
    void pair(stream_side side, std::chrono::system_clock::time_point time);

    bool times_replies_;
    std::array<side_reader, 2> readers_;
    conversation_totals totals_;
    std::array<std::uint64_t, 2> sizes_{};   // of a payload that comes in pieces
    std::array<transcript_line, 2> last_{};  // without their text
    std::deque<std::chrono::system_clock::time_point> unanswered_;
};

/// Those of a whole conversation.
[[nodiscard]] result<conversation_totals> summarise(const conversation& shown);

/// As comments of a transcript, a line each. With `only_faults`, just what is wrong;
/// nothing if nothing is.
[[nodiscard]] std::string print_summary(const conversation_totals& all, bool only_faults);

/// The same as an event `summary`, a line (docs/json.md).
[[nodiscard]] std::string print_summary_event(const conversation_totals& all);

}  // namespace framewire
