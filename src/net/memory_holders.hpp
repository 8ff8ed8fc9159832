#pragma once

#include "framewire/core/units.hpp"
#include "io/timer_wheel.hpp"
#include "memory_budget.hpp"

#include <array>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace framewire {

class connection;

/// A connection that may hold memory for its peer, as those see it who bound its sum.
class memory_holder : public boost::intrusive::list_base_hook<
                          boost::intrusive::tag<class memory_holders>,
                          boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    [[nodiscard]] std::size_t charged() const noexcept { return charged_; }

private:
    friend class memory_holders;
    std::size_t charged_ = 0;
    bool is_withheld_ = false;
    time_point withheld_until_{};
};

/// The connections of one loop that hold much, coarsely by size: what it does while a server has
/// little memory left. With several loops each acts on its own connections.
class memory_holders final : private timer {
public:
    explicit memory_holders(timer_wheel& timers) noexcept : timers_(timers) {}
    ~memory_holders() override { timer_hook::unlink(); }
    memory_holders(const memory_holders&) = delete;
    memory_holders& operator=(const memory_holders&) = delete;

    /// The connection holds so much from now on. Requires: all are of the same budget.
    void charge(connection& one, std::size_t size,
                const std::shared_ptr<memory_budget>& budget) noexcept;
    /// True if `relieve` is to be called, as soon as no connection is in a call.
    [[nodiscard]] bool is_short() const noexcept { return is_short_; }
    void relieve() noexcept;

    /// How long a connection may be not read from.
    static constexpr std::chrono::seconds withheld_max{10};

private:
    using list =
        boost::intrusive::list<memory_holder,
                               boost::intrusive::base_hook<boost::intrusive::list_base_hook<
                                   boost::intrusive::tag<memory_holders>,
                                   boost::intrusive::link_mode<boost::intrusive::auto_unlink>>>,
                               boost::intrusive::constant_time_size<false>>;
    // By the powers of two in their size.
    using lists_by_size = std::array<list, 64>;

    static connection& of(memory_holder& one) noexcept;
    static std::size_t place_of(std::size_t size) noexcept;
    static memory_holder* largest(lists_by_size& all) noexcept;
    void put(memory_holder& one, std::size_t size) noexcept;
    void end_largest() noexcept;
    void withhold_largest() noexcept;
    void readmit_all() noexcept;
    void end_overdue(time_point now) noexcept;
    time_point on_timer(time_point now) noexcept override;

    timer_wheel& timers_;
    std::shared_ptr<memory_budget> budget_;  // null until something is charged
    lists_by_size read_from_;
    lists_by_size withheld_;
    std::size_t listed_bytes_ = 0;
    std::size_t withheld_bytes_ = 0;
    bool is_short_ = false;
    time_point freed_check_at_ = time_point::max();
};

}  // namespace framewire
