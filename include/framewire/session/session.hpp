#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/direction.hpp"
#include "framewire/core/time.hpp"
#include "framewire/session/detail/frame_budget.hpp"
#include "framewire/session/detail/framing_changes.hpp"
#include "framewire/session/detail/reply_slots.hpp"
#include "framewire/session/event.hpp"
#include "framewire/session/session_rules.hpp"

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace framewire {

/// One peer's protocol state, without a socket: bytes in and events out, payloads in and bytes
/// out. Time is an argument, so tests need not wait for a deadline.
///
/// *Flow*: a driver runs one cycle whenever it may read or write, at the deadline, and again if
/// `can_continue()`:
///
///   1. `tick(now)` sets the time of everything up to the next `tick`.
///   2. If `wants_input()`: read, and `receive` it; or `receive_eof`, or `receive_error`.
///   3. Call `next` until it returns nothing; reply with `send` or `lend`, or in pieces.
///   4. Write `output()`, and report the size written with `sent`.
///   5. At the deadline: `expire()`, after all input that arrived in time. Then step 3 again.
///   6. `hold()`, before the buffers of input and output are reused.
///   7. Wait: to read if `wants_input()`, to write if `output()` is left, until `deadline()`.
///
/// A driver whose buffers live as long as the data in them needs no step 6. Not thread-safe; not
/// copyable. After `hold`, a session that waits for its next frame owns no buffer.
class session {
public:
    /// Builds replies in `shared`, a buffer that all sessions of a thread may share, as each
    /// returns it in `hold`; null for a buffer of its own. Requires: `shared` outlives the session
    /// and has no other use.
    session(std::shared_ptr<const session_rules> rules, delivery mode, time_point now,
            std::string* shared = nullptr);
    /// With rules of its own; `framing` is that of what the peer sends.
    session(const framing& framing, const limits& limits, delivery mode, time_point now);
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    void tick(time_point now) noexcept { now_ = now; }

    /// Changes how large payloads are delivered. Requires: nothing has been received.
    void deliver_as(delivery mode);
    /// Passes on runs also while replies are deferred. Requires: who takes a run takes all of it,
    /// and defers at most once for it.
    void defer_runs() noexcept { defers_runs_ = true; }
    /// From here on, a later frame begins. Requires: nothing has been received.
    void start_at(std::uint64_t offset);
    /// Bytes from the peer, which must stay valid until `hold`. Ignored once the session is over.
    /// Requires: earlier input has been decoded.
    void receive(bytes input) noexcept;
    /// The peer will send no more.
    void receive_eof() noexcept { eof_ = true; }
    /// The peer reset the connection, or the system did. Ignored once the session is over.
    void receive_error(errc code, std::string words);
    /// Ends the session for a reason that only the driver knows: it cannot write, or a reply
    /// cannot be framed. An earlier error remains `failure`. Without an offset: `offset()`.
    void give_up(errc code, std::string words) noexcept;
    void give_up(wire_error error) noexcept;

    /// The next event. A frame's payload is valid until the next call of `next` or `hold`.
    std::optional<event> next();
    /// The same, but passes payloads that are whole in the input to `take` (payload, offset of its
    /// frame), in order, until `take` returns false or an event of another kind occurs.
    template <std::predicate<const piece&, std::uint64_t> Take>
    std::optional<event> next(Take take);
    /// The same, but passes payloads that are whole and together to `take_run`, as many as one run
    /// may have; none while a reply is deferred, but for `defer_runs`. Those that it does not take
    /// are passed to `take`, one by one.
    template <run_taker TakeRun, std::predicate<const piece&, std::uint64_t> Take>
    std::optional<event> next(TakeRun take_run, Take take);
    /// Ends a cycle. Copies undecoded input and unwritten lent output, so that the caller may
    /// reuse its buffers; returns the shared buffer if it is empty; frees what is no longer
    /// needed.
    void hold() {
        latest_frame_ = {};
        if (delivered_ || !input_.empty() || !held_.empty()) hold_input();
        if (!lent_.empty() && !lent_owner_) copy_lent();
        if (borrows_ || output_.capacity() > std::string().capacity()) hold_output();
    }

    /// True while the session accepts more bytes from the peer.
    [[nodiscard]] bool wants_input() const noexcept {
        return !over_ && !eof_ && !has_failed_ && !withheld_ && input_.empty() && !queue_full() &&
               !budget_.paused();
    }
    /// True while there is undecoded input and nothing prevents decoding it.
    [[nodiscard]] bool can_continue() const noexcept {
        return !over_ && !input_.empty() && !queue_full() && !budget_.paused();
    }
    /// True between two frames, with no undecoded input and nothing owed: safe to close.
    [[nodiscard]] bool at_rest() const noexcept;
    /// True if a frame has begun to arrive and is not complete.
    [[nodiscard]] bool inside_frame() const noexcept;
    /// True while output is left or a reply is deferred.
    [[nodiscard]] bool owes() const noexcept { return !output().empty() || slots_ != nullptr; }
    /// Replies that are deferred, or wait for one that is.
    [[nodiscard]] std::size_t deferred() const noexcept { return slots_ ? slots_->count() : 0; }
    /// True once `finished` or `failed` has been delivered, or after `give_up`.
    [[nodiscard]] bool over() const noexcept { return over_; }
    /// The first error, or null. Valid as long as the session.
    [[nodiscard]] const wire_error* failure() const noexcept {
        return has_failed_ ? &failure_ : nullptr;
    }
    /// True once the peer has ended its stream.
    [[nodiscard]] bool peer_finished() const noexcept { return eof_; }
    /// How many bytes of the stream have been decoded.
    [[nodiscard]] std::uint64_t offset() const noexcept { return decoder_.offset() + run_ahead_; }

    /// Queues one frame for the peer. On failure, queues nothing.
    tl::expected<void, errc> send(bytes payload);
    /// The same for a message that is its length's field only: `framing::encode_idle`.
    tl::expected<void, errc> send_idle(std::uint32_t field);
    /// If the payload is the one that `next` has just delivered, and its frame would be the same,
    /// queues the received frame in place, without a copy before `hold`, and returns true.
    bool lend(bytes payload) noexcept {
        const bool same = payload.data() == latest_payload_ && payload.size() == latest_size_;
        return same && !latest_frame_.empty() && can_lend() && lend_frame();
    }
    /// True if received frames may be queued as they are: nothing is deferred or missing, and both
    /// directions have the same framing.
    [[nodiscard]] bool can_lend() const noexcept { return slots_ == nullptr && is_plain_; }
    /// Queues every payload of the run that `next` is passing on, or of the beginning of it, as
    /// `send` would: in place where that is possible, else copied, and encoded only where the
    /// frame would not be the same. Returns how many: fewer than all if the queue is full before.
    /// Fails at the first that cannot be framed; those before it are queued.
    tl::expected<std::size_t, errc> send_run(const payload_run& run);
    /// Queues the same payload `count` times, or until the queue is full; returns how often.
    tl::expected<std::size_t, errc> send_times(bytes payload, std::size_t count);
    /// Queues a frame in pieces: `begin`, any number of `append`, `end`. A call that fails queues
    /// nothing and leaves the frame open: the connection can only be closed.
    tl::expected<void, errc> begin(std::uint64_t announced);
    tl::expected<void, errc> append(bytes data);
    tl::expected<void, errc> end();

    /// From here on, frames are of another framing: those received after the current frame, those
    /// sent after what is queued or deferred. For both directions, `frames` is that of what is
    /// received and its `replies()` that of what is sent. During a call of `take` or `take_run`,
    /// the caller must let that be the last one of this `next`.
    void use(const framing& frames, direction which = direction::both);
    /// The framing of what comes from here on, with that of what is sent as its reply.
    [[nodiscard]] framing frames_from_here() const;
    /// True between `begin` and `end`.
    [[nodiscard]] bool frame_open() const noexcept { return writes_; }
    /// Never null.
    [[nodiscard]] const std::shared_ptr<const session_rules>& rules() const noexcept {
        return rules_;
    }

    /// True while the queue of output is at its limit.
    [[nodiscard]] bool full() const noexcept {
        return output().size() >= rules_->bounds.queued_bytes_max;
    }
    /// While paused, neither takes nor decodes input. Deadlines of the input do not run.
    void pause() noexcept { paused_ = true; }
    void resume() noexcept {
        if (std::exchange(paused_, false)) input_resumes();
    }

    /// True if the payload that was passed on last, alone or as the first of many, had at most one
    /// byte, and such are counted.
    [[nodiscard]] bool latest_was_tiny() const noexcept {
        return latest_size_ <= 1 && !rules_->frames.is_raw();
    }
    /// Pauses it as if there were none left, as others have sent too many. Never ends it.
    void slow_down() noexcept { budget_.yield(now_); }
    /// While withheld, takes no input, but decodes what it has. Deadlines of the input do not run.
    void withhold(bool yes) noexcept {
        if (std::exchange(withheld_, yes) && !yes) input_resumes();
    }
    /// The memory that it owns for its peer, in bytes. Valid after `hold`.
    [[nodiscard]] std::size_t held_bytes() const noexcept {
        if (!holds()) return 0;
        return held_.capacity() + assembly_.capacity() + output_.capacity() +
               (slots_ ? slots_->size() : 0);
    }
    /// False if that is nothing. Valid after `hold`.
    [[nodiscard]] bool holds() const noexcept {
        return (held_.size() | assembly_.size() | output_.size()) != 0 || slots_ != nullptr;
    }

    /// Promises a reply for later, and returns the number of its slot, which is never 0. If it
    /// keeps its place, whatever is queued from now on waits for it. `held_bytes` count as queued.
    /// Requires: no frame is open.
    std::uint64_t defer(bool keeps_place, std::size_t held_bytes);
    /// Gives the deferred reply, or several in its place. Does nothing if there is no such slot
    /// any more. If a payload cannot be framed, the slot stays open.
    tl::expected<void, errc> answer(std::uint64_t slot, std::span<const bytes> payloads);
    tl::expected<void, errc> answer(std::uint64_t slot, bytes payload) {
        return answer(slot, std::span(&payload, 1));
    }
    /// Closes a slot without a reply.
    void skip(std::uint64_t slot);
    /// Drops all slots, the frames that wait for them and, as replies are missing then, whatever
    /// is queued later. Does nothing if there are no slots.
    void drop_slots() noexcept;
    /// The open frame, if any, will never be ended, as its service is not called any more. What
    /// waits for its end is dropped, now or once the frame is output.
    void abandon_frame() noexcept;

    /// False while a frame is open or the queue is full.
    [[nodiscard]] bool can_push() const noexcept {
        return !full() && !inside_frame_of_output() && !lost_;
    }
    /// Queues a frame that answers nothing. Sends it from where it lies if no other output is
    /// left. False, and nothing is queued, unless `can_push()`.
    bool push(const std::shared_ptr<const std::string>& frame);
    /// False if a frame for `push` is to be made by `frame_to_push`, and for this session only.
    [[nodiscard]] bool shares_pushed() const noexcept { return changes_ == nullptr; }
    /// Appends the frame of a payload that is pushed next. Requires: `can_push()`.
    tl::expected<void, errc> frame_to_push(bytes payload, std::string& to);

    /// Bytes to write to the peer; valid until the next call of another function.
    [[nodiscard]] bytes output() const noexcept {
        if (!lent_.empty()) return lent_;
        return {output_.data() + output_sent_, output_.size() - output_sent_};
    }
    /// The first `size` bytes of `output()` have been written.
    void sent(std::size_t size);
    /// Discards unwritten output.
    void drop_output() noexcept;
    /// The latest time to call `expire`; `time_point::max()` for never.
    [[nodiscard]] time_point deadline() const noexcept;
    /// When the peer will have taken too little of the output, see `limits::write_deadline`.
    [[nodiscard]] time_point output_deadline() const noexcept;
    /// The error of a peer that did. Requires: `output_deadline()` has passed.
    [[nodiscard]] wire_error output_timeout() const;
    /// If the deadline has passed, makes `failed` the next event, even if the session is over, and
    /// returns the deadline's error. Separate from `tick`, so that a late driver can first decode
    /// the input that arrived in time.
    std::optional<errc> expire();

private:
    [[nodiscard]] bool may_decode() {
        return budget_.admits(now_) && !input_.empty() && !queue_full();
    }
    template <class Decoder, class TakeRun, class Take>
    bool pass_run(Decoder& decoder, TakeRun& take_run, Take& take, bool& continues);
    template <class Decoder>
    [[nodiscard]] bool is_canonical(const Decoder& decoder,
                                    std::size_t frame_bytes) const noexcept;
    // How its framings change (session_framings.cpp).
    [[nodiscard]] framewire::decoder make_decoder(const framing& frames) const;
    void begin_framings();
    void begin_input(const framing& frames);
    void start_decoder(const framing& frames);
    [[nodiscard]] bool input_is_settled();
    void take_next();
    std::optional<event> next_changing();
    framing_changes& changes();
    void settle() noexcept;
    [[nodiscard]] const framing& receives_now() const noexcept;
    [[nodiscard]] const framing& sends_next() const noexcept;
    [[nodiscard]] const framing& sends_in_place_of(std::uint64_t slot) const noexcept;
    [[nodiscard]] const framing& sends_now() const noexcept;
    void queued_one() noexcept;
    void overtook() noexcept;
    void drop_earlier() noexcept;
    std::optional<event> event_for(const decoded& found);
    std::optional<event> rest();
    std::optional<event> deliver(const piece& data);
    std::optional<event> assemble(const piece& data);
    void grow_assembly(const piece& data);
    void drop_assembly() noexcept;
    event skip(const piece& data);
    std::optional<event> finish();
    void add_guess(std::string& words) const;
    [[nodiscard]] wire_error misread() const;
    event fail(wire_error error) noexcept;
    void note(wire_error error) noexcept;
    event failed() noexcept;
    [[nodiscard]] wire_error input_timeout() const;
    [[nodiscard]] wire_error service_timeout() const;
    void watch_progress() noexcept;
    void watch_output_rate(std::size_t taken) noexcept;
    // Nothing has to be done before output is added to output.
    void owe() {
        if (output_.size() == output_sent_) owe_first();
    }
    void owe_first();
    void begin_output() noexcept {
        last_output_ = output_period_began_ = now_;
        output_taken_ = 0;
    }
    template <class Encode>
    auto queue(Encode encode);
    [[nodiscard]] bool inside_frame_of_output() const noexcept;
    void close_slot(std::uint64_t slot, std::string frame);
    void take_released();
    // The peer could make no progress while we did not read from it.
    void input_resumes() noexcept { last_input_ = frame_began_ = period_began_ = now_; }
    void hold_input();
    void hold_output();
    [[nodiscard]] bool is_passing(const payload_run& run) const noexcept {
        return run_ != nullptr && run.begins() == run_begins_;
    }
    tl::expected<std::size_t, errc> send_each(const payload_run& run);
    void queue_frames(bytes frames);
    tl::expected<std::size_t, errc> copy_times(bytes payload, std::size_t count);
    bool lend_frame() noexcept;
    bool begin_lending() noexcept;
    void copy_lent();
    [[nodiscard]] bool queue_full() const noexcept {
        return (full() && !rules_->reads_while_full) || paused_ || (slots_ && slots_full());
    }
    [[nodiscard]] bool slots_full() const noexcept;

    // In the order of use: members that every cycle touches are adjacent, so that a cycle of each
    // of a thousand connections loads few cache lines.
    std::shared_ptr<const session_rules> rules_;
    delivery mode_;
    bool is_canonical_;
    bool streaming_ = false;  // the current payload is being delivered in pieces
    bool delivered_ = false;  // `assembly_` has been delivered
    bool eof_ = false;
    bool over_ = false;
    bool borrows_ = false;  // `output_` is the shared buffer
    bool paused_ = false;
    bool withheld_ = false;
    bool defers_runs_ = false;
    bool lost_ = false;  // a reply is missing: nothing may be queued any more
    bool is_plain_;      // all that is queued is of the framing of the rules, as is what comes
    bool changes_input_ = false;  // see `changes_`
    bool has_failed_ = false;
    frame_phase watched_phase_ = frame_phase::between_frames;
    bytes input_;  // not decoded yet: the caller's bytes, or those in `held_`
    decoder decoder_;

    frame_budget budget_;
    time_point now_;
    time_point last_input_;   // when input last came, or was awaited again
    time_point last_output_;  // when output was last written, or queued while there was none
    time_point output_period_began_;  // see `limits::write_rate_min`
    std::uint64_t output_taken_ = 0;  // since then

    std::string* shared_;  // the buffer to borrow, or null
    std::string output_;
    std::size_t output_sent_ = 0;
    // The latest payload that was whole in the caller's buffer, and its frame if that may be lent.
    // Pointer and size are not adjacent: a compiler that copies both at once makes `reply` wait
    // for them.
    const char* latest_payload_ = nullptr;
    bytes latest_frame_;
    std::size_t latest_size_ = 0;
    bytes lent_;  // queued in place; `output_` is empty then
    // The run that is being passed on, or null, and how far in it a frame is whose payload could
    // not be sent.
    const frame_run* run_ = nullptr;
    const char* const* run_begins_ = nullptr;
    std::uint64_t run_ahead_ = 0;

    time_point frame_began_;   // the current frame's first byte
    time_point period_began_;  // of the payload's current period, see `limits::body_deadline`
    std::uint64_t period_offset_ = 0;
    std::uint64_t watched_frame_ = unknown_length;
    std::string held_;                // input kept by `hold`
    std::string assembly_;            // what has arrived of the current payload
    wire_error failure_;              // the first, if `has_failed_`: it must not need memory
    open_frame writing_;              // between `begin` and `end`
    bool writes_ = false;             // a frame is open
    bool is_abandoned_ = false;       // it will never be ended
    std::uint64_t writes_after_ = 0;  // the slot that it waits for, or 0
    std::uint64_t last_slot_ = 0;
    std::unique_ptr<reply_slots> slots_;             // null while nothing is deferred
    std::unique_ptr<framing_changes> changes_;       // null while there are none
    std::shared_ptr<const std::string> lent_owner_;  // of `lent_`, if that is a pushed frame
};

}  // namespace framewire

#include "framewire/session/detail/take_frames.hpp"
