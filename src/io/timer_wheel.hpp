#pragma once

#include "framewire/core/time.hpp"

#include <array>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace framewire {

using timer_hook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<class timer>,
                                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// Something that is to be looked at again at a certain time. Leaves the wheel when it is
/// destroyed.
class timer : public timer_hook {
public:
    virtual ~timer() = default;
    /// Does what is due by `now`, and says when to look again; `time_point::max()` for never.
    /// May destroy the object if it answers `max()`.
    virtual time_point on_timer(time_point now) = 0;

private:
    friend class timer_wheel;
    std::int64_t tick_ = 0;
};

/// The deadlines of all connections of one loop: a wheel of lists, so that setting one costs the
/// same however many there are. A deadline that moves later costs nothing at all: the entry stays
/// where it is and is put back when its old time comes. Fires up to one tick late, never early.
class timer_wheel {
public:
    /// Looks at `entry` at `when` or soon after.
    void arm(timer& entry, time_point when);

    /// When `advance` must be called next; `time_point::max()` while nothing is watched.
    [[nodiscard]] time_point next() const noexcept {
        return running_ ? time_point(tick * (now_tick_ + 1)) : time_point::max();
    }
    /// Looks at whatever is due.
    void advance(time_point now);

private:
    // Fine enough for deadlines that people set, and 20 wake-ups a second while any is running.
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

}  // namespace framewire
