// The output of a session.

#include "forget.hpp"
#include "framewire/core/units.hpp"
#include "framewire/session/session.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace framewire {
namespace {

// The capacity kept for the next session's replies: the queue of a busy peer, not one huge reply.
constexpr std::size_t shared_bytes_max = 1 * MiB;

}  // namespace

// Passes the buffer in which the next frame, or the next piece of the open one, belongs.
template <class Encode>
auto session::queue(Encode encode) {
    if (lost_) {
        std::string nowhere;
        return encode(nowhere);
    }
    auto* const waiting =
        slots_ ? slots_->after(writes_ ? writes_after_ : slots_->last()) : nullptr;
    if (waiting == nullptr) {
        owe();
        return encode(output_);
    }
    const auto before = waiting->size();
    auto done = encode(*waiting);
    slots_->grew(waiting->size() - before);
    return done;
}

tl::expected<void, errc> session::send(bytes payload) {
    if (can_lend()) {
        owe();
        return rules_->sends.encode(payload, output_);
    }
    const auto& frames = sends_next();
    auto sent = queue([&](std::string& to) { return frames.encode(payload, to); });
    if (sent && changes_) queued_one();
    return sent;
}

tl::expected<void, errc> session::send_idle(std::uint32_t field) {
    const auto& frames = sends_next();
    auto sent = queue([&](std::string& to) { return frames.encode_idle(field, to); });
    if (sent && changes_) queued_one();
    return sent;
}

tl::expected<std::size_t, errc> session::send_run(const payload_run& run) {
    if (run.empty()) return 0;
    if (!is_passing(run) || !run_->is_canonical() || !can_lend()) return send_each(run);
    queue_frames(run.frames());
    return run.size();
}

// A run has no more frames than the queue has room for, but those may be smaller than what is
// sent.
tl::expected<std::size_t, errc> session::send_each(const payload_run& run) {
    const bool passing = is_passing(run) && can_lend();
    for (std::size_t at = 0; at < run.size(); ++at) {
        if (at > 0 && queue_full()) return at;
        if (passing && run_->is_canonical(at)) {
            queue_frames(run.frame(at));
        } else if (auto sent = send(run.payload(at)); !sent) {
            if (passing) run_ahead_ = run.offset(at) - run.offset(0) + run.frame(at).size();
            return tl::unexpected(sent.error());
        }
    }
    return run.size();
}

// Received frames, which are as `send` would write them.
void session::queue_frames(bytes frames) {
    latest_frame_ = frames;
    if (held_.empty() && lend_frame()) return;
    owe();
    output_ += frames;
}

tl::expected<std::size_t, errc> session::send_times(bytes payload, std::size_t count) {
    if (count == 0) return 0;
    if (can_lend()) return copy_times(payload, count);
    for (std::size_t done = 0; done < count; ++done) {
        if (done > 0 && queue_full()) return done;
        if (auto sent = send(payload); !sent) return tl::unexpected(sent.error());
    }
    return count;
}

// Encoded once; what has been copied is copied again, twice as much each time.
tl::expected<std::size_t, errc> session::copy_times(bytes payload, std::size_t count) {
    owe();
    const auto begin = output_.size();
    if (auto encoded = rules_->sends.encode(payload, output_); !encoded) {
        return tl::unexpected(encoded.error());
    }
    const auto frame = output_.size() - begin;
    if (frame == 0) return count;
    const auto queued = output().size();
    const auto room =
        rules_->bounds.queued_bytes_max - std::min(queued, rules_->bounds.queued_bytes_max);
    const auto times = 1 + std::min(count - 1, (room + frame - 1) / frame);
    output_.resize(begin + times * frame);
    auto* const first = output_.data() + begin;
    for (auto done = frame; done < times * frame;) {
        const auto size = std::min(done, times * frame - done);
        std::copy_n(first, size, first + done);
        done += size;
    }
    return times;
}

bool session::begin_lending() noexcept {
    if (!output().empty()) return false;
    begin_output();
    lent_ = latest_frame_;
    return true;
}

// A pushed frame is shared, and stays where it is.
void session::copy_lent() {
    output_ += std::exchange(lent_, {});
    lent_owner_.reset();
}

tl::expected<void, errc> session::begin(std::uint64_t announced) {
    const auto& frames = sends_next();
    auto begun = queue([&](std::string& to) { return frames.begin(announced, to); });
    if (!begun) return tl::unexpected(begun.error());
    if (changes_) changes_->open = frames;
    writing_ = *begun;
    writes_ = true;
    writes_after_ = slots_ ? slots_->last() : 0;
    if (changes_) queued_one();
    return {};
}

tl::expected<void, errc> session::append(bytes data) {
    const auto& frames = changes_ && changes_->open ? *changes_->open : rules_->sends;
    return queue([&](std::string& to) { return frames.append(writing_, data, to); });
}

tl::expected<void, errc> session::end() {
    const auto& frames = changes_ && changes_->open ? *changes_->open : rules_->sends;
    auto ended = queue([&](std::string& to) { return frames.end(writing_, to); });
    if (!ended) return ended;
    writes_ = is_abandoned_ = false;
    if (slots_) take_released();
    if (changes_) {
        changes_->open.reset();
        settle();
    }
    return ended;
}

std::uint64_t session::defer(bool keeps_place, std::size_t held_bytes) {
    assert(!writes_);
    ++last_slot_;
    if (lost_) return last_slot_;
    if (!slots_) slots_ = std::make_unique<reply_slots>();
    const auto deadline = rules_->bounds.service_deadline;
    const auto due = deadline.count() == 0 ? time_point::max() : now_ + deadline;
    slots_->open(last_slot_, keeps_place, held_bytes, due);
    if (keeps_place && changes_ && changes_->sends_first) {
        changes_->before.push_back({last_slot_, sends_next(), true});
        changes_->sends_first = false;
    }
    return last_slot_;
}

tl::expected<void, errc> session::answer(std::uint64_t slot, std::span<const bytes> payloads) {
    if (!slots_ || !slots_->is_open(slot)) return {};
    std::string answered;
    const bool in_place = slots_->after(slot) != nullptr;
    const auto& frames = in_place ? sends_in_place_of(slot) : sends_now();
    for (const auto payload : payloads) {
        if (auto made = frames.encode(payload, answered); !made) return made;
    }
    if (changes_ && !in_place) overtook();
    close_slot(slot, std::move(answered));
    return {};
}

void session::skip(std::uint64_t slot) {
    if (slots_ && slots_->is_open(slot)) close_slot(slot, {});
}

void session::close_slot(std::uint64_t slot, std::string frame) {
    const bool was_full = queue_full();
    const bool inside_frame = inside_frame_of_output();
    slots_->close(slot, std::move(frame));
    if (!inside_frame) take_released();
    if (is_abandoned_) abandon_frame();
    if (changes_) drop_earlier();
    if (was_full && !queue_full()) input_resumes();
    if (!owes()) last_input_ = now_;  // the peer may have waited for this reply
}

void session::drop_slots() noexcept {
    if (!slots_) return;
    slots_.reset();
    latest_frame_ = {};
    lost_ = true;
    is_plain_ = false;
}

void session::abandon_frame() noexcept {
    is_abandoned_ = writes_;
    if (inside_frame_of_output()) drop_slots();
}

// A frame in pieces is open, and no slot precedes it: other frames must wait for its end.
bool session::inside_frame_of_output() const noexcept {
    return writes_ && (!slots_ || slots_->after(writes_after_) == nullptr);
}

void session::take_released() {
    if (!slots_->released.empty()) {
        owe();
        output_ += std::exchange(slots_->released, {});
    }
    if (slots_->empty()) slots_.reset();
}

bool session::slots_full() const noexcept {
    return slots_->count() >= rules_->bounds.deferred_max ||
           output().size() + slots_->size() >= rules_->bounds.queued_bytes_max;
}

bool session::push(const std::shared_ptr<const std::string>& frame) {
    if (!can_push()) return false;
    if (frame->empty()) return true;  // of `raw`: `lent_owner_` would outlast it
    if (output().empty()) {
        begin_output();
        lent_ = *frame;
        lent_owner_ = frame;
    } else {
        owe();
        output_ += *frame;
    }
    return true;
}

// The write deadline runs from the first reply that waits.
void session::owe_first() {
    if (output().empty()) begin_output();
    if (shared_ != nullptr && !borrows_ && output_.empty()) {
        output_.swap(*shared_);
        borrows_ = true;
    }
    if (!lent_.empty()) copy_lent();  // keeps the order
}

void session::sent(std::size_t size) {
    const bool was_full = queue_full();
    const auto taken = size;
    if (size > 0) last_output_ = now_;
    if (!lent_.empty()) {
        lent_.remove_prefix(size);
        if (lent_.empty()) {
            lent_ = {};  // the next input may begin where this ended
            lent_owner_.reset();
        }
        size = 0;
    }
    output_sent_ += size;
    assert(output_sent_ <= output_.size());
    if (output_sent_ == output_.size()) {
        output_.clear();
        output_sent_ = 0;
    } else if (output_sent_ >= rules_->bounds.queued_bytes_max) {
        // If the peer never quite empties its queue, the buffer must not grow forever.
        output_.erase(0, std::exchange(output_sent_, 0));
    }
    if (!output().empty()) watch_output_rate(taken);
    if (was_full && !queue_full()) input_resumes();
}

void session::drop_output() noexcept {
    forget(output_);
    lent_ = {};
    lent_owner_.reset();
    output_sent_ = 0;
}

// Unwritten output keeps its buffer, unless little is left of much. A session without output
// returns or frees it, so that a slow peer costs memory only while it is slow.
void session::hold_output() {
    const bool borrowed = std::exchange(borrows_, false);
    if (!output_.empty()) {
        if (output_.capacity() / 4 > output().size() + KiB) {
            output_ = std::string(output());
            output_sent_ = 0;
        }
        return;
    }
    if (!borrowed) return forget(output_);
    output_.swap(*shared_);
    if (shared_->capacity() > shared_bytes_max) std::string().swap(*shared_);
}

}  // namespace framewire
