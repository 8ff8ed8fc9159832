#include "performance.hpp"

#include "stream_bytes.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <algorithm>
#include <exception>
#include <thread>
#include <utility>

namespace framewire {
namespace {

using step_kind = script_step::kind;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// What comes after the last recorded frame is looked for so long.
constexpr milliseconds settle_time{20};
// How long a request to stop may take.
constexpr milliseconds slice{100};

time_point current_time() { return std::chrono::steady_clock::now(); }

// One connection that is played.
struct live_connection {
    std::unique_ptr<stream_bytes> stream = std::make_unique<stream_bytes>();
    std::optional<live_peer> peer{};
    std::uint64_t frames = 0;  // that were expected
    std::size_t steps_left = 0;
    bool is_ignored = false;
    bool is_over = false;  // reset by us, or its stream has ended
};

class performer {
public:
    performer(const script& all, const performance_plan& plan)
        : all_(all), plan_(plan), live_(all.connections.size()), begin_(current_time()) {
        for (const auto& step : all_.steps) ++live_.at(step.connection).steps_left;
    }

    // The steps of all connections, or of one.
    performance_result play(const address* where, std::optional<std::size_t> only,
                            owned_descriptor client) {
        // Of this thread: the kernel delays wake-ups by 50 us otherwise, to join them.
        (void)::prctl(PR_SET_TIMERSLACK, 1UL);
        for (const auto& step : all_.steps) {
            if (only && step.connection != *only) continue;
            if (is_done_ || is_stopped()) break;
            report_progress();
            if (step.what == step_kind::open) {
                if (!open(step, where, client)) break;
            } else {
                perform(step, live_.at(step.connection));
            }
            ++steps_done_;
            // A recording may have more connections than there are descriptors.
            auto& one = live_.at(step.connection);
            if (--one.steps_left == 0 && one.is_over) one.peer.reset();
        }
        if (!is_done_ && !is_stopped()) finish();
        return std::move(found_);
    }

    void follow_the_other_end() { follows_ = true; }

private:
    [[nodiscard]] bool is_stopped() const {
        return plan_.is_stopped != nullptr && plan_.is_stopped->load();
    }

    void report_progress() const {
        if (plan_.progressed) plan_.progressed(steps_done_);
    }

    bool open(const script_step& step, const address* where, owned_descriptor& client) {
        if (follows_) begin_ = current_time() - scaled(step.at);
        if (!wait_for(step, nullptr)) return false;
        auto& one = live_.at(step.connection);
        live_settings settings{.make_transport = plan_.make_transport, .timeout = plan_.timeout};
        settings.received = [to = one.stream.get()](bytes data) { to->add(data); };
        const auto& sent = all_.connections.at(step.connection).sent;
        auto opened = where != nullptr
                          ? live_peer::connect(*where, sent, std::move(settings))
                          : live_peer::over(std::move(client), sent, std::move(settings));
        if (!opened) {
            found_.failed = opened.error();
            is_done_ = true;
            return false;
        }
        one.peer.emplace(*std::move(opened));
        // That it takes time to connect is no matter of the recording.
        if (found_.connections++ == 0) begin_ = current_time() - scaled(step.at);
        found_.messages += all_.connections.at(step.connection).messages;
        ready_ = current_time();
        return true;
    }

    void perform(const script_step& step, live_connection& one) {
        switch (step.what) {
            case step_kind::send:
                if (wait_for(step, &*one.peer)) send(step, one);
                return;
            case step_kind::end:
                if (wait_for(step, &*one.peer)) (void)one.peer->end_stream();
                return;
            case step_kind::reset:
                if (wait_for(step, &*one.peer)) one.peer->reset();
                one.is_over = true;
                return;
            case step_kind::use: return one.peer->use(*step.frames);
            case step_kind::ignore: one.is_ignored = true; return;
            case step_kind::expect: return expect(step, one);
            case step_kind::open: return;
        }
    }

    // Until the time of the step. False if stopped meanwhile.
    bool wait_for(const script_step& step, live_peer* reading) {
        if (plan_.speed <= 0) return !is_stopped();
        const auto due = begin_ + scaled(step.at);
        // What is read meanwhile takes time, and a poll may oversleep by a millisecond.
        constexpr milliseconds exact{3};
        for (auto left = due - current_time(); left > exact; left = due - current_time()) {
            if (is_stopped()) return false;
            report_progress();
            const auto some =
                std::min(std::chrono::floor<milliseconds>(left - exact) + milliseconds(1), slice);
            if (reading != nullptr && !reading->has_ended()) {
                reading->pass(std::min(some, std::chrono::floor<milliseconds>(left)));
            } else {
                std::this_thread::sleep_for(some);
            }
        }
        std::this_thread::sleep_until(due);
        const auto now = current_time();
        found_.late_max = std::max(found_.late_max, nanoseconds(now - std::max(due, ready_)));
        found_.behind = std::max(nanoseconds(0), nanoseconds(now - due));
        return true;
    }

    [[nodiscard]] nanoseconds scaled(microseconds at) const {
        if (plan_.speed <= 0) return nanoseconds(0);
        return nanoseconds(
            static_cast<std::int64_t>(static_cast<double>(nanoseconds(at).count()) / plan_.speed));
    }

    void send(const script_step& step, live_connection& one) {
        const auto sent = one.peer->send(step.data);
        ready_ = current_time();
        if (sent) return;
        found_.failed = failure{fmt::format("{}, {}: {}", all_.connection_text(step.connection),
                                            all_.place_text(step), sent.error().message())};
        is_done_ = true;
    }

    void expect(const script_step& step, live_connection& one) {
        if (one.is_ignored || one.is_over) return;
        if (is_message(step)) ++one.frames;
        if (step.is_stream) {
            expect_bytes(step, one);
        } else {
            expect_arrival(step, one);
        }
        if (is_message(step) && !is_stopped()) ++found_.compared;
        ready_ = current_time();
        // The other end decides when it speaks, and what we say follows it.
        if (follows_) begin_ = ready_ - scaled(step.at);
    }

    // Nothing within the timeout, or once stopped.
    std::optional<arrival> next_of(live_connection& one) {
        const auto until = current_time() + plan_.timeout;
        for (;;) {
            const auto left =
                follows_ ? slice : std::chrono::ceil<milliseconds>(until - current_time());
            if (left.count() <= 0 || is_stopped()) return std::nullopt;
            auto found = one.peer->next(std::min(left, slice));
            if (found || one.peer->has_ended()) return found;
        }
    }

    void expect_arrival(const script_step& step, live_connection& one) {
        const auto found = next_of(one);
        if (is_stopped()) return;
        if (!found) return miss(step, one);
        const auto is_frame =
            found->what == arrival::kind::frame || found->what == arrival::kind::skipped;
        const auto data = is_frame ? one.stream->take_until(found->end) : one.stream->rest();
        one.is_over = !is_frame;
        if (auto other = compare(step, *found, data, *plan_.ignored)) note(*other, one);
    }

    void expect_bytes(const script_step& step, live_connection& one) {
        const auto until = one.stream->offset() + step.data.size();
        while (one.stream->rest().size() < step.data.size()) {
            const auto found = next_of(one);
            if (is_stopped()) return;
            if (!found || found->what != arrival::kind::frame) break;
        }
        const auto at = one.stream->offset();
        const auto data = one.stream->take_until(until);
        const auto& ignored = *plan_.ignored;
        if (ignored.apply(data) == ignored.apply(step.data)) return;
        mismatch other{.step = step,
                       .received = std::string(data),
                       .received_at = at,
                       .is_frame = data.size() == step.data.size()};
        place_difference(other, step.data, other.received, ignored);
        note(std::move(other), one);
    }

    void miss(const script_step& step, live_connection& one) {
        const auto words = one.peer->has_ended()
                               ? std::string("nothing: the stream has ended")
                               : fmt::format("nothing more within {} ms", plan_.timeout.count());
        mismatch other{.step = step,
                       .received = std::string(one.stream->rest()),
                       .words = words,
                       .received_at = one.stream->offset()};
        place_difference(other, {}, {}, masks());
        note(std::move(other), one);
    }

    void note(mismatch other, const live_connection& one) {
        ++found_.differences;
        other.number = one.frames;
        if (!other.is_frame || follows_) is_done_ = true;
        if (found_.first) return;
        found_.first = std::move(other);
        found_.first_at = current_time();
    }

    // More than was recorded is a difference, too.
    void finish() {
        for (std::size_t at = 0; at < live_.size(); ++at) {
            auto& one = live_[at];
            if (!one.peer || one.is_ignored || one.is_over || found_.first) continue;
            const auto more = follows_ ? next_of(one) : one.peer->next(settle_time);
            if (!more || more->what != arrival::kind::frame) continue;
            ++one.frames;
            script_step nothing{.what = step_kind::expect, .connection = at};
            nothing.expected.what = arrival::kind::frame;
            note({.step = nothing,
                  .received = std::string(one.stream->take_until(more->end)),
                  .received_at = more->offset},
                 one);
        }
    }

    const script& all_;
    const performance_plan& plan_;
    std::vector<live_connection> live_;
    time_point begin_;
    time_point ready_ = begin_;  // since when nothing but its time keeps the next step
    std::size_t steps_done_ = 0;
    bool follows_ = false;
    bool is_done_ = false;
    performance_result found_;
};

}  // namespace

void performance_result::add(const performance_result& other) {
    connections += other.connections;
    messages += other.messages;
    compared += other.compared;
    differences += other.differences;
    if (other.first && other.first_at < first_at) {
        first = other.first;
        first_at = other.first_at;
    }
    if (!failed) failed = other.failed;
    late_max = std::max(late_max, other.late_max);
    behind = std::max(behind, other.behind);
}

performance_result play_client(const script& all, const address& where,
                               const performance_plan& plan) {
    try {
        return performer(all, plan).play(&where, std::nullopt, owned_descriptor());
    } catch (const std::exception& error) {  // out of memory: nobody catches it in a thread
        performance_result found;
        found.failed = failure{error.what()};
        return found;
    }
}

performance_result play_server(const script& all, std::size_t connection, owned_descriptor client,
                               const performance_plan& plan) {
    performer one(all, plan);
    one.follow_the_other_end();
    return one.play(nullptr, connection, std::move(client));
}

}  // namespace framewire
