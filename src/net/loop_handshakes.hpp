#pragma once

#include "framewire/core/time.hpp"
#include "rate_bucket.hpp"

#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <optional>

namespace framewire {

class connection;
struct connection_plan;

/// A connection whose transport is not established, while it is in the list of its loop.
struct open_handshake : boost::intrusive::list_base_hook<
                            boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
    explicit open_handshake(connection& one) noexcept : of(one) {}
    connection& of;
};

/// The handshakes of one loop: bounds how many are open, and how many begin. All of them belong to
/// servers with the same bounds.
class loop_handshakes {
public:
    /// If the server has too many, ends the one of this loop that began first: one that is about
    /// to succeed takes a few milliseconds, so it is nearly always one that never will.
    void begin(open_handshake& one, connection_plan& plan) noexcept;
    /// Does nothing unless it has begun and not ended.
    static void end(open_handshake& one, connection_plan& plan) noexcept;

    /// Whether one more may cost time now.
    [[nodiscard]] bool admits(std::uint64_t per_second, time_point now) noexcept;
    /// One has cost time.
    void note_cost(time_point now) noexcept {
        if (rate_) rate_->spend(1, now);
    }
    /// When the next one may. Requires: one was not admitted.
    [[nodiscard]] time_point next() const noexcept { return rate_->next(); }

private:
    boost::intrusive::list<open_handshake, boost::intrusive::constant_time_size<false>> open_;
    std::optional<rate_bucket> rate_;
};

}  // namespace framewire
