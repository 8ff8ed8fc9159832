#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/limits.hpp"
#include "framewire/core/time.hpp"
#include "framewire/session/detail/frame_budget.hpp"

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace framewire {

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

    bool operator==(const event&) const = default;
};

/// How payloads above `limits::assembled_bytes_max` are treated.
enum class delivery : std::uint8_t {
    whole,   ///< refused: every payload is delivered in one piece
    pieces,  ///< delivered in pieces as they arrive, in constant memory
};

/// What the sessions of one server have in common. Read with every message, on every core: in
/// cache lines of its own, that nothing beside it can take away by being written.
struct alignas(64) session_rules {
    framing frames;
    limits bounds;
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
    session(std::shared_ptr<const session_rules> rules, delivery mode, time_point now);
    /// With rules of its own.
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
    /// The same, but payloads that lie whole in the input are given to `take` (payload, offset of
    /// its frame), one after the other, until it answers false or an event of another kind comes.
    template <std::predicate<const piece&, std::uint64_t> Take>
    std::optional<event> next(Take take);
    /// Copies input that is still to be decoded, so that its buffer can be used for something
    /// else.
    void hold() {
        latest_frame_ = {};
        if (delivered_ || !input_.empty() || !held_.empty()) hold_rest();
    }

    /// True while more bytes from the peer can be used.
    [[nodiscard]] bool wants_input() const noexcept {
        return !over_ && !eof_ && !failure_ && input_.empty() && !queue_full() &&
               !budget_.paused();
    }
    /// True while there is held input and nothing in the way of decoding it.
    [[nodiscard]] bool can_go_on() const noexcept {
        return !over_ && !input_.empty() && !queue_full() && !budget_.paused();
    }
    /// True between two frames with nothing held back and nothing owed: the moment to part.
    [[nodiscard]] bool at_rest() const noexcept;
    /// True once `finished` or `failed` has been delivered.
    [[nodiscard]] bool over() const noexcept { return over_; }
    /// The error behind `failed`; null while there is none.
    [[nodiscard]] const wire_error* failure() const noexcept { return failure_.get(); }
    /// True once the peer has ended its stream.
    [[nodiscard]] bool peer_finished() const noexcept { return eof_; }
    /// How many bytes of the stream have been taken.
    [[nodiscard]] std::uint64_t offset() const noexcept { return decoder_.offset(); }

    /// Queues one frame for the peer. On failure nothing is queued.
    tl::expected<void, errc> send(bytes payload);
    /// If the payload is the one that `next` has just delivered, and would be framed as it came,
    /// queues the frame where it lies and answers true. `keep_output` must be called before the
    /// bytes that were received go away.
    bool lend(bytes payload) noexcept {
        const bool same = payload.data() == latest_payload_ && payload.size() == latest_size_;
        return same && !latest_frame_.empty() && lend_frame();
    }
    /// Copies what is queued elsewhere and has not been written.
    void keep_output() {
        if (!lent_.empty()) copy_lent();
    }
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
    /// True while the session's own buffer holds replies that are to be written; those that are
    /// lent are elsewhere.
    [[nodiscard]] bool uses_own_buffer() const noexcept { return !output_.empty(); }
    /// Gives the session an empty buffer with capacity to queue into, or takes it back; lets the
    /// connections of one loop share one. Requires: `uses_own_buffer()` is false.
    void exchange_output_buffer(std::string& buffer) noexcept { output_.swap(buffer); }

    /// When `expire` should be called at the latest; `time_point::max()` for never.
    [[nodiscard]] time_point deadline() const noexcept;
    /// If the deadline has gone by, makes `failed` the next event and answers true. Apart from
    /// `tick`, so that what has arrived in time can be taken first, however late we look.
    bool expire();

private:
    [[nodiscard]] bool may_decode() {
        return budget_.admits(now_) && !input_.empty() && !queue_full();
    }
    std::optional<event> judge(const decoded& found);
    std::optional<event> rest();
    std::optional<event> deliver(const piece& part);
    std::optional<event> assemble(const piece& part);
    void drop_assembly() noexcept;
    event skip(const piece& part);
    std::optional<event> finish();
    event fail(wire_error error);
    [[nodiscard]] wire_error input_timeout() const;
    void watch_progress() noexcept;
    void owe();
    void hold_rest();
    bool lend_frame() noexcept;
    bool begin_lending() noexcept;
    void copy_lent();
    [[nodiscard]] bool queue_full() const noexcept {
        return output().size() >= rules_->bounds.queued_bytes_max;
    }

    // In the order of use: what every turn touches lies together, so that a thousand connections
    // that each say one thing are not a thousand times all of this.
    std::shared_ptr<const session_rules> rules_;
    delivery mode_;
    bool is_canonical_;
    bool streaming_ = false;  // the current payload is being delivered in pieces
    bool delivered_ = false;  // `assembly_` has been handed out whole
    bool eof_ = false;
    bool over_ = false;
    phase watched_phase_ = phase::between_frames;
    bytes input_;  // still to be decoded: the caller's bytes, or those in `held_`
    decoder decoder_;

    frame_budget budget_;
    time_point now_;
    time_point last_input_;
    time_point last_output_;  // when the peer last took something, or began to be owed

    std::string output_;
    std::size_t output_sent_ = 0;
    // The latest payload that came whole in the caller's buffer, and its frame if that may be
    // lent. Apart from each other: a compiler that copies the payload's two halves as one makes
    // `reply` wait for them.
    const char* latest_payload_ = nullptr;
    bytes latest_frame_;
    std::size_t latest_size_ = 0;
    bytes lent_;  // queued where it was received; `output_` is empty then

    time_point frame_began_;   // the current frame's first byte
    time_point period_began_;  // of the payload's present period, see `limits::body_deadline`
    std::uint64_t period_offset_ = 0;
    std::uint64_t watched_frame_ = unknown_length;
    std::string held_;      // input that was held back
    std::string assembly_;  // the part of the current payload that has arrived
    std::unique_ptr<wire_error> failure_;
    open_frame writing_;  // in pieces
};

// The loop that every byte goes through: one choice of decoder for all frames of the input.
template <std::predicate<const piece&, std::uint64_t> Take>
std::optional<event> session::next(Take take) {
    if (over_ || failure_) return rest();
    if (delivered_) drop_assembly();
    const bool lends = is_canonical_ && held_.empty();
    bool goes_on = true;
    const auto take_frames = [&](auto& decoder) -> decoded {
        while (goes_on && may_decode()) {
            const auto* const start = input_.data();
            const auto found = decoder.next(input_);
            if (found.what != step::part || !found.part.whole()) return found;
            const auto size = decoder.offset() - decoder.frame_offset();
            const bool is_here = lends && start + size == input_.data();
            latest_payload_ = found.part.payload.data();
            latest_size_ = found.part.payload.size();
            latest_frame_ = is_here ? bytes(start, size) : bytes();
            budget_.spend(found.part.payload.size());
            goes_on = take(found.part, decoder.frame_offset());
        }
        return {};
    };
    while (goes_on && may_decode()) {
        const auto found = decoder_.visit(take_frames);
        if (found.what == step::need_more) continue;
        if (auto said = judge(found)) return said;
    }
    return goes_on ? rest() : std::nullopt;
}

// Frames that lie one behind the other are lent together.
inline bool session::lend_frame() noexcept {
    if (lent_.data() + lent_.size() != latest_frame_.data()) return begin_lending();
    lent_ = {lent_.data(), lent_.size() + latest_frame_.size()};
    return true;
}

}  // namespace framewire
