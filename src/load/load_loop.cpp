#include "load_loop.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>

namespace framewire {
namespace {

// Most of what a fast server sends at once; fits a second-level cache.
constexpr std::size_t receive_bytes = 128 * KiB;
// How often timeouts and requests to stop are checked.
constexpr std::chrono::milliseconds check_interval{50};
constexpr std::chrono::seconds slice_length{1};
// More would overflow a server's backlog and wait for SYNs to be sent again.
constexpr std::uint64_t opening_max = 128;
// One failure may be chance; where there are so many connections, so many must fail.
constexpr std::uint64_t fruitless_max = 3;

}  // namespace

void load_common::fail(failure why_not) {
    {
        const std::lock_guard lock(mutex);
        if (!why) why = std::move(why_not);
    }
    stop = true;
    gate.cancel();
}

void load_common::note_fruitless(const wire_error& error) {
    const auto still_hopeful = --hopeful;
    if (replied || plan.messages.plan().expect == expectation::none) return;
    {
        const std::lock_guard lock(mutex);
        const bool is_enough = ++fruitless >= std::min(plan.connections, fruitless_max);
        if (!is_enough || still_hopeful > 0 || hopeless) return;
        hopeless = error;
    }
    abandon = true;
    gate.cancel();
}

load_loop::load_loop(load_common& common, std::uint64_t first, std::uint64_t count)
    : common_(common), first_(first), input_(receive_bytes, '\0') {
    const auto& plan = common.plan;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto number = first + i;
        const auto share = plan.count == 0 ? unknown_length
                                           : plan.count / plan.connections +
                                                 (number < plan.count % plan.connections ? 1 : 0);
        connections_.emplace_back(*this, number, slots{.place = i, .connections = count}, share);
    }
}

void load_loop::run() {
    tick();
    if (open_all()) {
        if (const auto at = common_.gate.pass()) {
            begin(*at);
            while (!over()) run_cycle();
        }
    }
    finish();
}

bool load_loop::open_all() {
    const auto& plan = common_.plan;
    const auto began = opening_since_ = now_;
    const auto pause = plan.ramp / static_cast<double>(plan.connections);
    std::size_t next = 0;
    std::size_t opening = 0;
    const auto ends = [&] { return common_.stop || common_.abandon; };
    while (!ends() && (next < connections_.size() || opening > 0)) {
        const auto due = [&] {
            const auto passed = pause * static_cast<double>(first_ + next);
            return began + std::chrono::duration_cast<std::chrono::nanoseconds>(passed);
        };
        while (next < connections_.size() && opening < opening_max && due() <= now_) {
            connections_[next++].open();
            ++opening;
        }
        poller_.wait(std::chrono::milliseconds(opening > 0 ? 5 : 1));
        note_broken();
        tick();
        poller_.dispatch();
        opening = 0;
        for (std::size_t i = 0; i < next; ++i) {
            if (connections_[i].is_opening()) connections_[i].check_timeouts();
            if (connections_[i].is_opening()) ++opening;
        }
    }
    return !ends();
}

void load_loop::note_opening_failed(const wire_error& error) {
    const auto& plan = common_.plan;
    const bool is_early = now_ - opening_since_ <= plan.ramp + plan.timeout;
    if (is_early || common_.abandon) return;
    common_.fail({fmt::format("cannot open {} connections: {}", plan.connections, error.message()),
                  "does the server accept so many?"});
}

void load_loop::begin(time_point at) {
    const auto& plan = common_.plan;
    tick();
    begun_ = true;
    sending_ = true;
    from_ = at + plan.warm_up;
    slice_began_ = from_;
    last_reply_ = from_;
    check_at_ = at;
    if (plan.duration.count() > 0) end_ = from_ + plan.duration;
    last_due_ = end_ - std::chrono::nanoseconds(1);
    if (plan.rate) {
        const auto all = static_cast<double>(plan.connections);
        const auto mine = static_cast<double>(connections_.size());
        // Offsets the loops, so that they do not send at the same times.
        const std::chrono::duration<double> offset(static_cast<double>(first_) / mine /
                                                   *plan.rate);
        schedule_ = schedule(at + std::chrono::duration_cast<std::chrono::nanoseconds>(offset),
                             *plan.rate * mine / all);
    }
    for (auto& one : connections_) {
        tick();  // sending to thousands takes a while
        one.proceed();
    }
}

void load_loop::run_cycle() {
    auto until = std::min(check_at_, slice_began_ + slice_length);
    if (sending_) {
        until = std::min(until, end_);
        if (common_.plan.rate) until = std::min(until, schedule_.due(next_slot_));
    }
    poller_.wait(std::max(until - now_, std::chrono::nanoseconds(0)));
    note_broken();
    tick();
    poller_.dispatch();
    tick();
    if (common_.plan.rate) send_due();
    if (now_ >= check_at_ || now_ >= end_ || now_ >= slice_began_ + slice_length)
        check_connections();
}

void load_loop::note_broken() {
    const int error = poller_.broken();
    if (error == 0) return;
    common_.fail({"cannot wait for replies: " + system_words(error), ""});
    common_.abandon = true;
}

// Each connection whose slot is due sends all its due messages. One that cannot sends them later:
// nothing is lost, as due times are computed.
void load_loop::send_due() {
    const auto due = slots_due();
    const auto count = std::min<std::uint64_t>(due - next_slot_, connections_.size());
    for (std::uint64_t i = 0; i < count; ++i) {
        auto& one = connections_[(next_slot_ + i) % connections_.size()];
        tick();
        one.proceed();
    }
    next_slot_ = due;
}

void load_loop::check_connections() {
    check_at_ = now_ + check_interval;
    while (now_ >= slice_began_ + slice_length && slice_began_ + slice_length <= end_) {
        end_slice(slice_began_ + slice_length);
    }
    if (sending_ && (common_.stop || now_ >= end_)) {
        sending_ = false;
        if (now_ < end_) last_due_ = end_ = now_;
        end_slice(std::max(end_, slice_began_));
        slice_began_ = time_point::max() - slice_length;
        if (common_.plan.rate) {
            for (auto& one : connections_) result_.tally.unsent += one.in_arrears();
        }
    }
    for (auto& one : connections_) {
        one.check_timeouts();
        one.note_done();
    }
    publish();
}

void load_loop::record(const slots& mine, std::uint64_t first, std::uint64_t count,
                       time_point sent) {
    note_reply();
    if (common_.plan.rate) {
        const auto all = count;
        for (auto number = first; number < first + all; ++number) {
            const auto due = schedule_.due(mine.of(number));
            if (due >= from_) {
                slice_.add(now_ - due);
            } else {
                --count;
            }
        }
        result_.uncorrected.add(now_ - sent, count);
    } else if (sent >= from_) {
        slice_.add(now_ - sent, count);
    } else {
        return;
    }
    count_messages(count);
}

void load_loop::record_one_way(const slots& mine, std::uint64_t first, std::uint64_t count) {
    // Due times ascend: those before the recorded time come first.
    const auto end = first + count;
    const auto& plan = common_.plan;
    if (plan.rate) {
        while (first < end && schedule_.due(mine.of(first)) < from_) ++first;
    } else if (now_ < from_) {
        first = end;
    }
    if (first < end) count_messages(end - first);
}

void load_loop::count_messages(std::uint64_t count) noexcept {
    slice_messages_ += count;
    result_.tally.messages += count;
    if (now_ <= end_) result_.tally.messages_in_time += count;
    last_reply_ = now_;
}

void load_loop::record_late(const slots& mine, std::uint64_t first, std::uint64_t count,
                            time_point able_since) {
    for (auto number = first; number < first + count; ++number) {
        const auto due = schedule_.due(mine.of(number));
        if (due >= from_) result_.late.add(now_ - std::max(due, able_since));
    }
}

// Those of the beginning count, too, unless they precede a warm-up.
void load_loop::record_connect(std::chrono::nanoseconds took) {
    const bool counts = begun_ ? recording() : common_.plan.warm_up.count() == 0;
    if (counts) result_.connect.add(took);
}

void load_loop::fault(load_fault one) {
    if (result_.faults.size() < load_result::faults_shown_max) {
        result_.faults.push_back(std::move(one));
    }
}

void load_loop::end_slice(time_point at) {
    result_.latency.add(slice_);
    if (at > slice_began_) {
        result_.slices.push_back({.end = at - from_,
                                  .length = at - slice_began_,
                                  .count = slice_messages_,
                                  .latencies = slice_.buckets()});
    }
    slice_.clear();
    slice_messages_ = 0;
    slice_began_ = at;
}

void load_loop::publish() {
    const std::lock_guard lock(mutex_);
    figures_.messages = result_.tally.messages;
    figures_.faults = result_.tally.faults();
    figures_.open = open_;
    if (begun_ && now_ > from_) figures_.elapsed = std::min(now_, end_) - from_;
    if (!result_.slices.empty()) figures_.latest = result_.slices.back();
}

load_figures load_loop::figures() const {
    const std::lock_guard lock(mutex_);
    return figures_;
}

bool load_loop::over() const noexcept { return common_.abandon || done_ == connections_.size(); }

void load_loop::finish() {
    if (sending_) end_ = std::max(last_reply_, from_);
    tick();
    for (auto& one : connections_) one.finish();
    if (sending_) {
        end_slice(end_);
    } else {
        result_.latency.add(slice_);
    }
    if (begun_) result_.duration = std::max(end_ - from_, std::chrono::nanoseconds(0));
    publish();
}

}  // namespace framewire
