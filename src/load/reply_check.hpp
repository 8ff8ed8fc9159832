#pragma once

#include "send_times.hpp"
#include "workload.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace framewire {

/// The result of checking a reply.
enum class verdict : std::uint8_t {
    right,
    out_of_order,  ///< right, but replies to later messages came first
    mismatched,    ///< in place of a reply, with wrong content
    unexpected,    ///< more replies than messages
};

/// The messages of one connection that wait for replies, and the check of each reply. Messages of
/// a connection are numbered from 0. Uses neither socket nor clock.
///
/// A reply to a message after the next passes over those between: they are late. One that still
/// comes is out of order, one that never comes is missing. Checking continues after the later
/// message, so that a reply that was left out costs one message only.
class reply_check {
public:
    /// `base` is added to the numbers so that the payloads of connections differ.
    reply_check(const workload& work, std::uint64_t base) noexcept
        : work_(&work), base_(base), text_(base) {}

    /// `count` more messages were sent at `at`.
    void sent(std::uint64_t count, time_point at) {
        sent_ += count;
        times_.add(sent_, at);
    }

    /// Takes the reply if it is the next one, as nearly all are.
    [[nodiscard]] bool take_next(bytes reply) noexcept {
        if (next_ == sent_ || !work_->matches(reply, text_)) return false;
        ++next_;
        text_.advance();
        return true;
    }
    /// Calls `taken(first, count, sent_at)` for the replies taken since the last call.
    template <class Taken>
    void settle(Taken taken) {
        times_.take_before(next_, taken);
    }

    struct checked_reply {
        verdict what = verdict::right;
        std::uint64_t number = 0;
        /// For a reply that is out of order.
        time_point sent_at{};
        /// Late messages that were given up, as there were too many.
        std::uint64_t missing = 0;
    };
    /// Checks a reply that `take_next` did not take. Requires: `settle` was called.
    checked_reply check(bytes reply);

    /// Gives up late messages that were sent before `limit`; returns their number.
    std::uint64_t expire(time_point limit);
    /// Gives up all messages that wait; returns their number.
    std::uint64_t give_up();

    [[nodiscard]] bool expects_none() const noexcept {
        return work_->plan().expect == expectation::none;
    }
    /// The number of messages whose replies may still come in order.
    [[nodiscard]] std::uint64_t waiting() const noexcept { return sent_ - next_; }
    [[nodiscard]] bool idle() const noexcept { return next_ == sent_ && late_.empty(); }
    [[nodiscard]] std::uint64_t sent_count() const noexcept { return sent_; }
    [[nodiscard]] std::uint64_t next() const noexcept { return next_; }
    /// The first late message. Requires: there is one.
    [[nodiscard]] std::uint64_t first_late() const noexcept { return late_.front().number; }
    /// When the message that has waited longest was sent. Requires: `waiting() > 0`, and `settle`
    /// was called.
    [[nodiscard]] time_point oldest() const noexcept { return times_.oldest(); }
    [[nodiscard]] std::string expected(std::uint64_t number) const {
        return work_->expected(base_ + number);
    }

private:
    struct late_message {
        std::uint64_t number;
        time_point sent_at;
    };

    // More are given up, as every wrong reply searches them.
    static constexpr std::size_t late_max = 1024;
    // How far back a duplicate reply is recognised.
    static constexpr std::uint64_t remembered = 4096;

    checked_reply pass_over(std::uint64_t number);
    void go_to(std::uint64_t number) noexcept {
        next_ = number;
        text_ = number_text(base_ + number);
    }

    const workload* work_;
    std::uint64_t base_;
    number_text text_;  // the next message's payload
    std::uint64_t next_ = 0;
    std::uint64_t sent_ = 0;
    send_times times_;
    std::vector<late_message> late_;  // by number
};

}  // namespace framewire
