#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/limits.hpp"
#include "framewire/session/frame_budget.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

using time_point = std::chrono::steady_clock::time_point;

/// What a session has to say about the bytes it was given.
struct event {
    enum class kind : std::uint8_t {
        frame,     ///< a payload, or a piece of a large one
        skipped,   ///< a frame over its `max` was discarded (`oversize=skip`)
        finished,  ///< the peer ended the stream between two frames
        failed,    ///< the stream cannot be read on: see `session::failure`
    };
    kind what = kind::finished;
    piece part{};
    /// The stream offset of the frame's first byte.
    std::uint64_t offset = 0;
};

/// How payloads above `limits::assembled_bytes_max` are treated.
enum class delivery : std::uint8_t {
    whole,   ///< refused: every payload is delivered in one piece
    pieces,  ///< delivered in pieces as they arrive, in constant memory
};

/// One peer's protocol state, without a socket: bytes in and events out, payloads in and bytes
/// out. It is told the time (`tick`) and everything else happens at that moment, so every deadline
/// can be tested in no time.
///
/// Reading: `receive`, then `next` until it answers nothing. Then either all input is taken, or
/// the session holds the rest back (`wants_input` is false) and copies it with `hold`, because the
/// peer does not take its replies or sends too many tiny frames. Not thread-safe; not copied; a
/// session that idles owns no buffer.
class session {
public:
    session(const framing& framing, const limits& limits, delivery mode, time_point now);
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    /// It is now `now`.
    void tick(time_point now) noexcept { now_ = now; }

    /// Bytes from the peer. They must stay where they are until `next` has answered nothing and
    /// `hold` has been called. Requires: what was received before has been decoded. Once the
    /// session is over, bytes are ignored.
    void receive(bytes input) noexcept;
    /// The peer will send no more.
    void receive_eof() noexcept { eof_ = true; }
    /// The peer reset the connection, or the system did.
    void receive_error(errc code, std::string words);

    /// The next event. A frame's payload is valid until the next call of `next` or `hold`.
    std::optional<event> next();
    /// Copies input that is still to be decoded, so that its buffer can be used for something
    /// else.
    void hold();

    /// True while more bytes from the peer can be used.
    [[nodiscard]] bool wants_input() const noexcept;
    /// True while there is held input and nothing in the way of decoding it.
    [[nodiscard]] bool can_go_on() const noexcept;
    /// True between two frames with nothing held back and nothing owed: the moment to part.
    [[nodiscard]] bool at_rest() const noexcept;
    /// True once `finished` or `failed` has been delivered.
    [[nodiscard]] bool over() const noexcept { return over_; }
    /// The error behind `failed`; nothing while there is none.
    [[nodiscard]] const std::optional<wire_error>& failure() const noexcept { return failure_; }
    /// True once the peer has ended its stream.
    [[nodiscard]] bool peer_finished() const noexcept { return eof_; }
    /// How many bytes of the stream have been taken.
    [[nodiscard]] std::uint64_t offset() const noexcept { return decoder_.offset(); }

    /// Queues one frame for the peer. On failure nothing is queued.
    tl::expected<void, errc> send(bytes payload);
    /// The same. If the payload is the one that `next` has just delivered, the frame that it came
    /// in may be queued where it lies: `keep_output` must be called before the bytes that were
    /// received go away.
    tl::expected<void, errc> reply(bytes payload);
    /// Copies what is queued elsewhere and has not been written.
    void keep_output();
    /// Queues a frame in pieces: `begin`, any number of `append`, `end`. Where one fails nothing
    /// is queued, and the frame stays open: its peer can only be left.
    tl::expected<void, errc> begin(std::uint64_t announced);
    tl::expected<void, errc> append(bytes part);
    tl::expected<void, errc> end();

    /// What is to be written to the peer now; valid until the session is used otherwise.
    [[nodiscard]] bytes output() const noexcept {
        return lent_.empty() ? bytes(output_).substr(output_sent_) : lent_;
    }
    /// The first `size` bytes of `output()` have been written.
    void sent(std::size_t size);
    /// Forgets what was not written.
    void drop_output() noexcept;
    /// Gives the session an empty buffer with capacity to queue into, or takes it back; lets the
    /// connections of one loop share one. Requires: `output()` is empty.
    void exchange_output_buffer(std::string& buffer) noexcept { output_.swap(buffer); }

    /// When `expire` should be called at the latest; `time_point::max()` for never.
    [[nodiscard]] time_point deadline() const noexcept;
    /// If the deadline has gone by, makes `failed` the next event and answers true. Apart from
    /// `tick`, so that what has arrived in time can be taken first, however late we look.
    bool expire();

private:
    std::optional<event> deliver(const piece& part);
    std::optional<event> assemble(const piece& part);
    event skip(const piece& part);
    std::optional<event> finish();
    event fail(wire_error error);
    [[nodiscard]] wire_error input_timeout() const;
    void watch_progress() noexcept;
    void owe();
    [[nodiscard]] bool queue_full() const noexcept;

    framing framing_;
    limits limits_;
    delivery mode_;
    decoder decoder_;

    bytes input_;             // still to be decoded: the caller's bytes, or those in `held_`
    std::string held_;        // input that was held back
    std::string assembly_;    // the part of the current payload that has arrived
    bool streaming_ = false;  // the current payload is being delivered in pieces
    bool delivered_ = false;  // `assembly_` has been handed out whole
    bool eof_ = false;
    bool over_ = false;
    std::optional<wire_error> failure_;

    std::string output_;
    std::size_t output_sent_ = 0;
    bytes received_;  // what the caller gave us, as long as `input_` is the rest of it
    bytes latest_;    // the latest payload that came whole in it
    bytes lent_;      // queued where it was received; `output_` is empty then
    bool is_canonical_;
    open_frame writing_;  // in pieces

    frame_budget budget_;
    time_point now_;
    time_point last_input_;
    time_point last_output_;   // when the peer last took something, or began to be owed
    time_point frame_began_;   // the current frame's first byte
    time_point period_began_;  // of the payload's present period, see `limits::body_deadline`
    std::uint64_t period_offset_ = 0;
    std::uint64_t watched_frame_ = unknown_length;
    phase watched_phase_ = phase::between_frames;
};

}  // namespace framewire
