#pragma once

#include "framewire/core/time.hpp"
#include "loop_counters.hpp"

#include <cstdint>
#include <vector>

namespace framewire {

/// When the replies of a connection were deferred. As many as `limits::deferred_max` at a time.
class deferred_times {
public:
    explicit deferred_times(duration_counters& into) noexcept : into_(into) {}

    void begin(std::uint64_t slot, time_point now) { since_.push_back({slot, now}); }
    /// The reply was given. Does nothing if the slot is unknown.
    void end(std::uint64_t slot, time_point now) noexcept;
    /// No reply will be given.
    void forget(std::uint64_t slot) noexcept;

private:
    struct begun {
        std::uint64_t slot;
        time_point at;
    };

    duration_counters& into_;
    std::vector<begun> since_;
};

}  // namespace framewire
