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
    struct piece piece {};
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
/// out. Time is an argument, so every deadline can be tested at once.
///
/// *Flow*: what a driver does in each cycle, that is, whenever it may read or write, at the
/// deadline, and once more if `can_continue()`:
///
///   1. `tick(now)`; everything up to the next `tick` happens at that moment.
///   2. If `wants_input()`: read, and `receive` it; or `receive_eof`, or `receive_error`.
///   3. Call `next` until it returns nothing; reply with `send` or `lend`, or in pieces.
///   4. Write `output()`, and report how much was taken with `sent`.
///   5. At the deadline: `expire()`, now that what came in time counts. Then step 3 again.
///   6. `hold()`, before the buffers of input and output serve another purpose.
///   7. Wait: to read if `wants_input()`, to write if `output()` is left, until `deadline()`.
///
/// A driver whose buffers live as long as what they hold needs no step 6. Not thread-safe; not
/// copied. After `hold`, a session that waits for its next frame owns no buffer.
class session {
public:
    /// Replies are put together in `shared`, a buffer that all sessions of a thread may share, as
    /// each gives it back in `hold`; null for a buffer of its own. Requires: `shared` outlives the
    /// session, and is not used otherwise.
    session(std::shared_ptr<const session_rules> rules, delivery mode, time_point now,
            std::string* shared = nullptr);
    /// With rules of its own.
    session(const framing& framing, const limits& limits, delivery mode, time_point now);
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    void tick(time_point now) noexcept { now_ = now; }

    /// Bytes from the peer. They must stay where they are until `hold`. Requires: what was
    /// received before has been decoded. Ignored once the session is over.
    void receive(bytes input) noexcept;
    /// The peer will send no more.
    void receive_eof() noexcept { eof_ = true; }
    /// The peer reset the connection, or the system did. Ignored once the session is over.
    void receive_error(errc code, std::string words);
    /// The driver ends the session for a reason of its own: it cannot write, or a reply cannot be
    /// framed. The session is over, and the first error stays `failure`.
    void give_up(errc code, std::string words);

    /// The next event. A frame's payload is valid until the next call of `next` or `hold`.
    std::optional<event> next();
    /// The same, but payloads that lie whole in the input are given to `take` (payload, offset of
    /// its frame), one after the other, until it answers false or an event of another kind comes.
    template <std::predicate<const piece&, std::uint64_t> Take>
    std::optional<event> next(Take take);
    /// The end of a cycle. Copies input that is still to be decoded and lent output that was not
    /// written, so that the caller's buffers are free, and gives the shared buffer back if it is
    /// empty. Frees what is no longer needed.
    void hold() {
        latest_frame_ = {};
        if (delivered_ || !input_.empty() || !held_.empty()) hold_input();
        if (!lent_.empty()) copy_lent();
        if (borrows_ || output_.capacity() > std::string().capacity()) hold_output();
    }

    /// True while more bytes from the peer can be used.
    [[nodiscard]] bool wants_input() const noexcept {
        return !over_ && !eof_ && !failure_ && input_.empty() && !queue_full() &&
               !budget_.paused();
    }
    /// True while there is held input and nothing in the way of decoding it.
    [[nodiscard]] bool can_continue() const noexcept {
        return !over_ && !input_.empty() && !queue_full() && !budget_.paused();
    }
    /// True between two frames with nothing held back and nothing owed: a good moment to close.
    [[nodiscard]] bool at_rest() const noexcept;
    /// True once `finished` or `failed` has been delivered, or after `give_up`.
    [[nodiscard]] bool over() const noexcept { return over_; }
    /// The first error; null while there is none. Valid as long as the session.
    [[nodiscard]] const wire_error* failure() const noexcept { return failure_.get(); }
    /// True once the peer has ended its stream.
    [[nodiscard]] bool peer_finished() const noexcept { return eof_; }
    /// How many bytes of the stream have been taken.
    [[nodiscard]] std::uint64_t offset() const noexcept { return decoder_.offset(); }

    /// Queues one frame for the peer. On failure nothing is queued.
    tl::expected<void, errc> send(bytes payload);
    /// If the payload is the one that `next` has just delivered, and would be framed as it came,
    /// queues the frame where it lies, without a copy until `hold`, and returns true.
    bool lend(bytes payload) noexcept {
        const bool same = payload.data() == latest_payload_ && payload.size() == latest_size_;
        return same && !latest_frame_.empty() && lend_frame();
    }
    /// Queues a frame in pieces: `begin`, any number of `append`, `end`. Where one fails nothing
    /// is queued, and the frame stays open: the connection can only be closed.
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
    /// When `expire` should be called at the latest; `time_point::max()` for never.
    [[nodiscard]] time_point deadline() const noexcept;
    /// If the deadline has passed, makes `failed` the next event, though the session be over, and
    /// returns what was late. Apart from `tick`, so that what arrived in time can be taken first,
    /// however late the driver is.
    std::optional<errc> expire();

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
    event failed() noexcept;
    [[nodiscard]] wire_error input_timeout() const;
    [[nodiscard]] wire_error output_timeout() const;
    void watch_progress() noexcept;
    void owe();
    void hold_input();
    void hold_output() noexcept;
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
    bool delivered_ = false;  // `assembly_` has been delivered
    bool eof_ = false;
    bool over_ = false;
    bool borrows_ = false;  // `output_` is the shared buffer
    frame_phase watched_phase_ = frame_phase::between_frames;
    bytes input_;  // still to be decoded: the caller's bytes, or those in `held_`
    decoder decoder_;

    frame_budget budget_;
    time_point now_;
    time_point last_input_;
    time_point last_output_;  // when the peer last took something, or began to be owed

    std::string* shared_;  // what to borrow; null for none
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

}  // namespace framewire

#include "framewire/session/detail/take_frames.hpp"
