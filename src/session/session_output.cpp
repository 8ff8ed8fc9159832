// The output of a session.

#include "forget.hpp"
#include "framewire/core/units.hpp"
#include "framewire/session/session.hpp"

#include <cassert>
#include <utility>

namespace framewire {
namespace {

// The capacity kept for the next session's replies: the queue of a busy peer, not one huge reply.
constexpr std::size_t shared_bytes_max = 1 * MiB;

}  // namespace

tl::expected<void, errc> session::send(bytes payload) {
    owe();
    return rules_->frames.encode(payload, output_);
}

bool session::begin_lending() noexcept {
    if (!output().empty()) return false;
    last_output_ = now_;
    lent_ = latest_frame_;
    return true;
}

void session::copy_lent() { output_ += std::exchange(lent_, {}); }

tl::expected<void, errc> session::begin(std::uint64_t announced) {
    owe();
    return rules_->frames.begin(announced, output_).map([&](const open_frame& begun) {
        writing_ = begun;
    });
}

tl::expected<void, errc> session::append(bytes data) {
    owe();
    return rules_->frames.append(writing_, data, output_);
}

tl::expected<void, errc> session::end() {
    owe();
    return rules_->frames.end(writing_, output_);
}

// The write deadline runs from the first reply that waits.
void session::owe() {
    if (output().empty()) last_output_ = now_;
    if (shared_ != nullptr && !borrows_ && output_.empty()) {
        output_.swap(*shared_);
        borrows_ = true;
    }
    if (!lent_.empty()) copy_lent();  // keeps the order
}

void session::sent(std::size_t size) {
    const bool was_full = queue_full();
    if (size > 0) last_output_ = now_;
    if (!lent_.empty()) {
        lent_.remove_prefix(size);
        if (lent_.empty()) lent_ = {};  // the next input may begin where this ended
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
    // The peer could make no progress while we did not read from it.
    if (was_full && !queue_full()) frame_began_ = period_began_ = now_;
}

void session::drop_output() noexcept {
    forget(output_);
    lent_ = {};
    output_sent_ = 0;
}

// Unwritten output keeps its buffer. A session without output returns or frees it, so that a slow
// peer costs memory only while it is slow.
void session::hold_output() noexcept {
    const bool borrowed = std::exchange(borrows_, false);
    if (!output_.empty()) return;
    if (!borrowed) return forget(output_);
    output_.swap(*shared_);
    if (shared_->capacity() > shared_bytes_max) std::string().swap(*shared_);
}

}  // namespace framewire
