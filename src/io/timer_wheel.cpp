#include "timer_wheel.hpp"

#include <algorithm>

namespace framewire {

void timer_wheel::arm(timer& entry, time_point when) {
    if (when == time_point::max()) return;
    if (!running_) now_tick_ = tick_of(std::chrono::steady_clock::now());
    running_ = true;
    const auto due = tick_of(when) + 1;
    if (entry.timer_hook::is_linked() && entry.tick_ <= due) return;
    entry.timer_hook::unlink();
    // An entry beyond the horizon goes into the last slot, and is armed again from there.
    entry.tick_ = std::clamp(due, now_tick_ + 1, now_tick_ + slot_count - 1);
    slots_.at(static_cast<std::size_t>(entry.tick_ % slot_count)).push_back(entry);
}

std::chrono::nanoseconds timer_wheel::timeout() const noexcept {
    if (!running_) return std::chrono::nanoseconds(-1);
    return std::max(next() - std::chrono::steady_clock::now(), std::chrono::nanoseconds(0));
}

}  // namespace framewire
