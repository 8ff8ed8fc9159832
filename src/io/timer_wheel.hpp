#pragma once

#include "framewire/core/time.hpp"

#include <algorithm>
#include <array>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace framewire {

using timer_hook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<class timer>,
                                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// Has a function to call at a certain time. Leaves the wheel when it is destroyed.
class timer : public timer_hook {
public:
    virtual ~timer() = default;
    /// Does what is due by `now`, and returns the next time; `time_point::max()` for never. May
    /// destroy the object if it returns `max()`. If it throws, it is called again soon.
    virtual time_point on_timer(time_point now) = 0;

private:
    friend class timer_wheel;
    std::int64_t tick_ = 0;
};

/// The deadlines of all connections of one loop: a wheel of lists, so that arming one takes
/// constant time. Moving a deadline later costs nothing: the entry stays in its slot, and is armed
/// again at its old time. Fires up to one tick late, never early.
class timer_wheel {
public:
    /// Calls `entry.on_timer` at `when` or soon after; keeps an earlier time.
    void arm(timer& entry, time_point when);

    /// When `advance` must be called next; `time_point::max()` while nothing is armed.
    [[nodiscard]] time_point next() const noexcept {
        return running_ ? time_point(tick * (now_tick_ + 1)) : time_point::max();
    }
    /// How long a poller may wait until then; negative for ever.
    [[nodiscard]] std::chrono::nanoseconds timeout() const noexcept;
    /// Calls `on_timer` of every entry that is due, and `caught` within the handler of what one of
    /// them throws.
    template <class Caught>
    void advance(time_point now, Caught caught);
    /// The same, but throws on.
    void advance(time_point now) {
        advance(now, [] { throw; });
    }

private:
    // Fine enough for configured deadlines, at 20 wake-ups a second while any is armed.
    static constexpr std::chrono::milliseconds tick{50};
    static constexpr std::int64_t slot_count = 256;
    using list = boost::intrusive::list<timer, boost::intrusive::base_hook<timer_hook>,
                                        boost::intrusive::constant_time_size<false>>;

    static std::int64_t tick_of(time_point when) noexcept {
        return when.time_since_epoch() / tick;
    }

    std::array<list, slot_count> slots_;
    std::int64_t now_tick_ = 0;
    bool running_ = false;
};

template <class Caught>
void timer_wheel::advance(time_point now, Caught caught) {
    if (now < next()) return;
    // After a long sleep of the whole process, one visit of every slot is enough.
    const auto last = tick_of(now);
    now_tick_ = std::max(now_tick_, last - slot_count);
    while (now_tick_ < last) {
        ++now_tick_;
        list due;
        due.swap(slots_[static_cast<std::size_t>(now_tick_ % slot_count)]);
        while (!due.empty()) {
            auto& entry = due.front();
            due.pop_front();
            auto next = now;
            try {
                next = entry.on_timer(now);
            } catch (...) {
                caught();
            }
            if (next != time_point::max()) arm(entry, next);
        }
    }
    running_ = std::ranges::any_of(slots_, [](const list& slot) { return !slot.empty(); });
}

}  // namespace framewire
