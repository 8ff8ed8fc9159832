#include "outflow.hpp"

#include <algorithm>
#include <utility>

namespace framewire {
namespace {

using clock = std::chrono::steady_clock;

// A tenth of a second's worth at once, so that a slow stream comes in many parts, and a timer that
// is late by half as much does not make it slower.
constexpr std::uint64_t parts_per_second = 10;
constexpr std::chrono::milliseconds part_time{1'000 / parts_per_second};

}  // namespace

void outflow::add(action what, std::string data, std::chrono::milliseconds pause) {
    add({what, std::move(data), clock::now() + pause, false});
}

void outflow::add_apart(std::string data, std::chrono::milliseconds pause) {
    add({action::send, std::move(data), clock::now() + pause, true});
}

void outflow::add(step one) {
    if (!waiting_.empty()) one.due = std::max(one.due, waiting_.back().due);
    waiting_bytes_ += one.data.size();
    waiting_.push_back(std::move(one));
}

void outflow::hasten() {
    const auto now = clock::now();
    for (auto& one : waiting_) one.due = std::min(one.due, now);
}

void outflow::run() {
    if (std::exchange(is_running_, true)) return;
    const auto now = clock::now();
    while (!waiting_.empty() && !is_stalled_) {
        auto& first = waiting_.front();
        if (first.due > now) {
            wait_until(first.due);
            break;
        }
        if (first.what == action::stall) {
            is_stalled_ = true;
            break;
        }
        if (first.what == action::send && !send(first, now)) break;
        const auto done = std::move(first);
        waiting_.pop_front();
        if (done.what != action::send) perform_(done.what, {});
        if (done.is_apart && !waiting_.empty()) {
            continue_soon();
            break;
        }
    }
    is_running_ = false;
}

// False if a part is left for later.
bool outflow::send(step& one, time_point now) {
    if (rate_ == 0) {
        waiting_bytes_ -= one.data.size();
        perform_(action::send, one.data);
        return true;
    }
    if (paid_until_ > now + part_time) {
        wait_until(paid_until_ - part_time);
        return false;
    }
    const auto most =
        static_cast<std::size_t>(std::max<std::uint64_t>(rate_ / parts_per_second, 1));
    const auto part = one.data.substr(0, most);
    one.data.erase(0, part.size());
    waiting_bytes_ -= part.size();
    paid_until_ = std::max(paid_until_, now) +
                  std::chrono::nanoseconds(1'000'000'000ULL * part.size() / rate_);
    const bool is_whole = one.data.empty();
    perform_(action::send, part);
    if (!is_whole) wait_until(paid_until_ - part_time);
    return is_whole;
}

void outflow::wait_until(time_point due) {
    next_ = due;
    if (!is_on_time_) loop_.timers().arm(*this, due);
}

time_point outflow::on_timer(time_point /*now*/) {
    next_ = time_point::max();
    is_on_time_ = true;
    run();
    is_on_time_ = false;
    return next_;
}

// What was performed is written before the loop runs its next task.
void outflow::continue_soon() {
    if (std::exchange(is_posted_, true)) return;
    loop_.post([this, alive = is_alive_] {
        if (!*alive) return;
        is_posted_ = false;
        run();
    });
}

}  // namespace framewire
