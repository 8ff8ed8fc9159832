// A connection whose address may only send so much per second.

#include "connection.hpp"

#include <algorithm>
#include <utility>

namespace framewire {

void connection::begin_pacing() {
    auto rates = plan_->admission ? plan_->admission->rates.of(host_, loop_.now()) : nullptr;
    if (!rates) return;
    is_served_singly_ = is_served_singly_ || rates->messages.is_bounded();
    pacing_ = std::make_unique<pacing>(pacing{std::move(rates)});
}

// At least one byte, as reading none would look like the end of the stream.
std::span<char> connection::receivable() {
    auto& buffer = loop_.receive_buffer();
    if (!pacing_) return buffer;
    const auto left = std::max<std::uint64_t>(pacing_->rates->bytes.left(loop_.now()), 1);
    return std::span<char>(buffer).first(std::min<std::uint64_t>(buffer.size(), left));
}

void connection::limit_frames() noexcept {
    const auto left = pacing_->rates->messages.left(loop_.now());
    frames_left_ = std::min<std::uint64_t>(frames_left_, left);
    pacing_->frames_before = frames_so_far();
}

void connection::spend_frames() noexcept {
    pacing_->rates->messages.spend(frames_so_far() - pacing_->frames_before, loop_.now());
    is_busy_ = is_busy_ || frames_left_ == 0;
}

// Of the loop: nobody else is served meanwhile. Pieces of a frame count when it is complete.
std::uint64_t connection::frames_so_far() const noexcept {
    return loop_.counters().frames + loop_.counters().skipped;
}

void connection::pace() noexcept {
    const auto now = loop_.now();
    auto until = time_point::min();
    for (const auto* rate : {&pacing_->rates->messages, &pacing_->rates->bytes}) {
        if (rate->left(now) == 0) until = std::max(until, rate->next());
    }
    if (until == time_point::min()) return end_pause();
    pacing_->until = until;
    if (!std::exchange(is_paused_, true)) session_.withhold(true);
}

void connection::end_pause() noexcept {
    if (std::exchange(is_paused_, false)) session_.withhold(is_withheld_);
}

}  // namespace framewire
