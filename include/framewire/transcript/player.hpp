#pragma once

#include "framewire/core/result.hpp"
#include "framewire/transcript/transcript.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace framewire {

/// How the bytes from the peer are cut into reads.
struct as_written {};    ///< one read per line
struct in_one_piece {};  ///< as few reads as the clock allows
struct byte_by_byte {};
/// In one piece, except for a cut before this byte of the stream.
struct cut_at {
    std::size_t position;
};
using cutting = std::variant<as_written, in_one_piece, byte_by_byte, cut_at>;

/// The next step of a conversation, for the target to perform.
struct action {
    enum class kind : std::uint8_t {
        send,           ///< `data` comes from the peer
        wait,           ///< `elapsed` passes
        end,            ///< the peer ends its stream
        reset,          ///< the peer resets the connection
        use,            ///< from here on, frames are of the framing `frames`
        gap,            ///< `missing` bytes of the peer are missing; what follows is a frame
        expect_event,   ///< `data` is the text of the `=` line that is due
        expect_output,  ///< `data` is due to be sent to the peer
        done,
    };
    kind what = kind::done;
    /// Valid as long as the player.
    bytes data{};
    std::chrono::microseconds elapsed{0};
    const framing* frames = nullptr;
    std::uint64_t missing = 0;
    /// The line's number in the transcript, for an expectation.
    std::size_t line = 0;

    bool operator==(const action&) const = default;
};

/// How a conversation is cut, and which of its lines are compared: those that the target reports.
struct play_settings {
    cutting how = as_written{};
    bool compares_events = true;
    bool compares_output = false;
};

/// Plays a transcript: returns the next action, and compares the reported results. No I/O, no
/// clock. What `=>` lines say of the other direction is left to `transcript::reversed`.
///
/// Flow: call `next`, perform the action, report results with `on_event` and `on_output`, and
/// repeat until the action is `done`; then call `outcome`. `next` returns an expectation only
/// until it is met. Calling `next` again without a report means that it will not be met.
///
/// Between two `@`, `< eof`, `< reset`, `< gap` or `framing` lines, all data from the peer is sent
/// first; the expected events must follow in order, and no others.
class player {
public:
    /// Requires: the transcript outlives the player.
    explicit player(const transcript& conversation, play_settings settings = {});

    [[nodiscard]] action next();
    /// The text of an `=` line (`print_event`).
    void on_event(std::string_view text);
    /// Bytes sent to the peer, cut in any way.
    void on_output(bytes data);
    /// Fails with the first difference; later ones are not detected.
    [[nodiscard]] result<void> outcome() const;

private:
    struct expectation {
        const transcript_line* line;
        std::size_t size_met = 0;  // of output
        bool is_met = false;
    };
    // Lines of the conversation between two that begin with an action of the peer without data.
    struct stretch {
        action begins_with{};
        std::vector<std::string> reads{};
        std::vector<expectation> expected{};
        std::size_t first_due = 0;
    };

    void divide();
    [[nodiscard]] bool is_compared(const transcript_line& line) const;
    void cut(stretch& current, std::size_t stream_offset) const;
    [[nodiscard]] expectation* due(transcript_line::kind what);
    void meet(expectation& expected);
    [[nodiscard]] std::optional<action> missing() const;
    void differs(std::size_t line, std::string_view expected, std::string_view verb,
                 std::string_view found);
    [[nodiscard]] bool same_event(std::string_view expected, std::string_view text) const;
    [[nodiscard]] std::size_t last_line() const;

    const transcript& conversation_;
    play_settings settings_;
    std::vector<stretch> stretches_;
    std::size_t at_ = 0;  // the current stretch
    std::size_t sent_ = 0;
    bool begun_ = false;
    bool returned_ = false;  // the expectation that is due has been returned
    std::optional<failure> difference_;
};

/// Performs the actions of a conversation.
class play_target {
public:
    virtual ~play_target() = default;

    /// Performs the peer's action `todo`, or, for an expectation, waits for an event; reports
    /// results to `watching`. Fails if the conversation cannot continue.
    [[nodiscard]] virtual result<void> perform(const action& todo, player& watching) = 0;
};

/// Plays to the end, or to the first difference or failure.
[[nodiscard]] result<void> play(player& conversation, play_target& peer);

}  // namespace framewire
