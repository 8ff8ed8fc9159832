#pragma once

#include "timeline.hpp"

#include <sys/types.h>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace framewire::tests {

class world;

/// A connection of the simulated network: two ends, and a pipe from each to the other. Bytes wait
/// in the sender's system, are on their way for a while, and wait in the receiver's.
class link : public std::enable_shared_from_this<link> {
public:
    enum side : std::size_t { ours, theirs };

    /// `sent_max` and `arrived_max`: what the systems at both ends buffer.
    link(world& in, std::uint64_t number, nanoseconds latency, std::size_t sent_max,
         std::size_t arrived_max);

    /// As the system calls do: a size, or an `errno` below zero.
    ssize_t write(side by, std::string_view data);
    ssize_t read(side by, char* buffer, std::size_t size);
    /// Ends the stream of one side. Fails once the other is gone.
    int shut(side by);
    /// Neither side can use its end any more. Unread input, or `resets`, loses what is on its way.
    void close(side by, bool resets);
    /// The network forgets this connection: nothing arrives any more.
    void cut();
    /// The kernel gives up.
    void fail(side at, int error);

    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
    [[nodiscard]] nanoseconds began() const noexcept { return began_; }
    [[nodiscard]] bool readable(side by) const noexcept;
    [[nodiscard]] bool writable(side by) const noexcept;
    [[nodiscard]] bool is_over(side by) const noexcept;  // EPOLLHUP
    [[nodiscard]] bool has_error(side by) const noexcept { return at(by).error != 0; }
    [[nodiscard]] int take_error(side by) noexcept { return std::exchange(at(by).error, 0); }
    [[nodiscard]] bool is_open(side by) const noexcept { return !at(by).closed; }
    /// A reset has arrived, or was sent.
    [[nodiscard]] bool is_reset(side by) const noexcept { return at(by).reset; }
    /// This side has ended its stream.
    [[nodiscard]] bool is_shut(side by) const noexcept { return at(by).shut; }
    [[nodiscard]] bool has_ended(side by) const noexcept { return at(by).end_arrived; }
    [[nodiscard]] std::size_t unread(side by) const noexcept { return at(by).arrived.size(); }
    [[nodiscard]] std::size_t untaken(side by) const noexcept { return at(by).sent.size(); }
    [[nodiscard]] bool is_cut() const noexcept { return is_cut_; }
    /// Called when something has changed for that side; null for nobody.
    void notify(side who, std::function<void()> changed) { at(who).changed = std::move(changed); }

    // What the checks know of our side.
    struct moved {
        nanoseconds when{};
        std::uint64_t bytes = 0;  // until then
    };
    struct account {
        std::vector<moved> received;
        std::vector<moved> sent;
        std::uint64_t arrived = 0;    // received or not
        std::uint64_t discarded = 0;  // received after the end of our stream
        std::size_t unread = 0;       // when our descriptor was closed
        nanoseconds accepted{-1};
        nanoseconds given_up = nanoseconds::max();  // by the kernel, as the peer had vanished
        nanoseconds ended{-1};                      // our descriptor was closed
        nanoseconds user_timeout{};                 // none if zero
        bool keeps_alive = false;
        bool spoiled = false;  // a system call for it has failed for good

        static std::uint64_t total(const std::vector<moved>& all) noexcept {
            return all.empty() ? 0 : all.back().bytes;
        }
    };
    account kept;

private:
    struct end {
        std::string sent;     // taken by this system, not yet arrived at the other
        std::string arrived;  // for this side to read
        bool closed = false;
        bool shut = false;         // the end of its stream follows what was sent
        bool end_arrived = false;  // of the other's stream
        bool reset = false;
        bool moves = false;  // bytes are on their way
        int error = 0;
        std::function<void()> changed;
    };
    [[nodiscard]] end& at(side which) noexcept { return ends_[which]; }
    [[nodiscard]] const end& at(side which) const noexcept { return ends_[which]; }
    static side other(side one) noexcept { return one == ours ? theirs : ours; }
    void move_soon(side from);
    void move(side from);
    void reset(side at_side, int error);
    static void changed(const end& one) {
        if (one.changed) one.changed();
    }

    world& world_;
    std::uint64_t number_;
    nanoseconds began_;
    nanoseconds latency_;
    std::size_t sent_max_;
    std::size_t arrived_max_;
    bool is_cut_ = false;
    std::array<end, 2> ends_{};
};

}  // namespace framewire::tests
