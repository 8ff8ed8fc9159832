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
    add({.what = what, .data = std::move(data), .wanted = clock::now() + pause});
}

void outflow::add_apart(std::string data, std::chrono::milliseconds pause) {
    add({.what = action::send,
         .data = std::move(data),
         .wanted = clock::now() + pause,
         .is_apart = true});
}

void outflow::add_held(std::string data, std::chrono::milliseconds pause) {
    add({.what = action::send,
         .data = std::move(data),
         .wanted = clock::now() + pause,
         .is_held = true});
}

void outflow::add(step one) {
    one.due = waiting_.empty() ? one.wanted : std::max(one.wanted, waiting_.back().due);
    waiting_bytes_ += one.data.size();
    waiting_.push_back(std::move(one));
}

void outflow::limit(std::uint64_t size) {
    if (waiting_.empty()) {
        left_ = size;
    } else {
        add({.what = action::limit, .wanted = clock::now(), .limit = size});
    }
}

void outflow::hasten() {
    const auto now = clock::now();
    time_point before{};
    for (auto& one : waiting_) {
        if (one.is_held) one.wanted = std::min(one.wanted, now);
        before = one.due = std::max(one.wanted, before);
    }
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
        if (left_ == 0) {
            end(action::close);
            break;
        }
        const auto done = std::move(first);
        waiting_.pop_front();
        if (done.what == action::close || done.what == action::reset) {
            end(done.what);
        } else if (done.what == action::end_stream) {
            perform_(done.what, {});
        } else if (done.what == action::limit) {
            left_ = done.limit;
        }
        if (done.is_apart && !waiting_.empty()) {
            continue_soon();
            break;
        }
    }
    is_running_ = false;
}

// Nothing follows.
void outflow::end(action how) {
    waiting_.clear();
    waiting_bytes_ = 0;
    is_stalled_ = true;
    perform_(how, {});
}

// False if a part is left for later.
bool outflow::send(step& one, time_point now) {
    if (rate_ == 0) {
        waiting_bytes_ -= one.data.size();
        emit(one.data);
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
    const bool is_whole = one.data.empty() || left_ <= part.size();
    emit(part);
    if (!is_whole) wait_until(paid_until_ - part_time);
    return is_whole;
}

void outflow::emit(bytes data) {
    if (left_ == no_limit) return perform_(action::send, data);
    const auto part =
        data.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, data.size())));
    left_ -= part.size();
    perform_(action::send, part);
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
