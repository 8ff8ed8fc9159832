#pragma once

#include "framewire/core/quote.hpp"
#include "framewire/session/session.hpp"

#include "random_bytes.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace framewire::tests {

/// How a service answers, and how its peer behaves.
struct conduct {
    enum class style : std::uint8_t {
        echo,
        same,   ///< the same reply to every payload
        mixed,  ///< some are echoed, some get another reply, some none
    };

    limits bounds{};
    delivery mode = delivery::whole;
    style how = style::echo;
    std::size_t closes_at_size = unknown_length;  // after the reply to a payload of that size
    std::uint32_t seed = 0;
};

/// A session with a service, without a socket. Everything it does is written down.
class served_session {
public:
    served_session(const framing& frames, const conduct& as, bool in_runs)
        : conduct_(as),
          in_runs_(in_runs),
          random_(as.seed),
          state_(frames, as.bounds, as.mode, {}) {}

    void cycle(std::chrono::milliseconds elapsed, bytes read, bool is_last, std::size_t accepts) {
        state_.tick(now_ += elapsed);
        const std::vector<char> buffer(read.begin(), read.end());  // gone after the cycle
        if (!read.empty()) state_.receive({buffer.data(), buffer.size()});
        if (is_last) state_.receive_eof();
        answer();
        if (state_.expire()) answer();
        const auto written = state_.output().substr(0, accepts);
        events_ += "> " + quote(written) + '\n';
        state_.sent(written.size());
        state_.hold();
    }

    [[nodiscard]] bool wants_input() const { return state_.wants_input() && !closed_; }
    [[nodiscard]] bool is_done() const {
        return (state_.over() || closed_) && state_.output().empty();
    }
    /// What happened since the last call, and what can be seen of the session.
    std::string take_events() {
        events_ += std::to_string(state_.offset()) + ' ' + std::to_string(state_.wants_input()) +
                   std::to_string(state_.can_continue()) + std::to_string(state_.over()) + ' ' +
                   std::to_string(state_.deadline().time_since_epoch().count()) + ' ' +
                   quote(state_.output()) + '\n';
        return std::exchange(events_, {});
    }

private:
    void answer() {
        const auto take = [this](const piece& payload, std::uint64_t offset) {
            receive(payload, offset);
            return !closed_;
        };
        while (!closed_) {
            const auto found =
                in_runs_
                    ? state_.next([this](const payload_run& run) { return receive(run); }, take)
                    : state_.next(take);
            if (!found) return;
            if (found->what == event::kind::frame) {
                receive(found->piece, found->offset);
                continue;
            }
            events_ += found->what == event::kind::skipped    ? "skipped "
                       : found->what == event::kind::finished ? "finished "
                                                              : "failed ";
            events_ += std::to_string(found->piece.announced) + " at " +
                       std::to_string(found->offset) + '\n';
            if (state_.failure()) events_ += state_.failure()->message() + '\n';
        }
    }

    void note(const piece& payload, std::uint64_t offset) {
        events_ += "= " + quote(payload.payload) + " at " + std::to_string(offset) +
                   (payload.first ? " first" : "") + (payload.last ? " last " : " ") +
                   std::to_string(payload.announced) + '\n';
    }

    void receive(const piece& payload, std::uint64_t offset) {
        note(payload, offset);
        if (!payload.whole()) return;
        const auto text = reply_to(payload.payload);
        if (text.data() == nullptr) return end_after(payload.payload);
        if (!state_.lend(text)) finish(state_.send(text));
        end_after(payload.payload);
    }

    // Takes all, half or none of a run, and never what comes after the last payload.
    run_outcome receive(const payload_run& run) {
        std::size_t count = std::min(run.size(), run.size() * random_.below(3));
        if (random_.below(3) == 0) count /= 2;
        for (std::size_t at = 0; at < count; ++at) {
            if (run.payload(at).size() == conduct_.closes_at_size) count = at;
        }
        if (conduct_.how == conduct::style::mixed) return receive_each(run.first(count));
        if (conduct_.how == conduct::style::same) {
            const auto sent = state_.send_times(same_reply, count);
            if (count > 0 && !sent) {
                finish(tl::unexpected(sent.error()));
                note(run[0], run.offset(0));
                return {1, false};
            }
            count = sent.value_or(0);
        } else {
            const auto sent = state_.send_run(run.first(count));
            if (!sent) finish(tl::unexpected(sent.error()));
            count = sent.value_or(count);
        }
        // Up to the one that cannot be framed.
        std::size_t taken = 0;
        while (taken < count && (!closed_ || run.offset(taken) < state_.failure()->offset)) {
            note(run[taken], run.offset(taken));
            ++taken;
        }
        return {taken, !closed_};
    }

    run_outcome receive_each(const payload_run& run) {
        std::size_t at = 0;
        for (; at < run.size() && !closed_ && !state_.full(); ++at) {
            note(run[at], run.offset(at));
            const auto text = reply_to(run.payload(at));
            if (text.data() != nullptr) finish(state_.send(text));
        }
        return {at, !closed_};
    }

    // Nothing, with a null pointer, if there is no reply.
    [[nodiscard]] bytes reply_to(bytes payload) const {
        if (conduct_.how == conduct::style::echo) return payload;
        if (conduct_.how == conduct::style::same || payload.size() % 3 == 0) return same_reply;
        return payload.size() % 3 == 1 ? payload : bytes();
    }
    void finish(const tl::expected<void, errc>& sent) {
        if (sent) return;
        state_.give_up(sent.error(), "");
        closed_ = true;
    }
    void end_after(bytes payload) {
        closed_ = closed_ || payload.size() == conduct_.closes_at_size;
    }

    static constexpr bytes same_reply = "sixteen letters.";

    conduct conduct_;
    bool in_runs_;
    random_bytes random_;
    time_point now_{};
    session state_;
    bool closed_ = false;
    std::string events_;
};

/// Serves a stream one payload at a time, and in runs; returns what differed, or nothing.
inline std::string difference_in_runs(const framing& frames, const conduct& as,
                                      const std::vector<bytes>& reads) {
    random_bytes random(as.seed);
    served_session one_by_one(frames, as, false);
    served_session in_runs(frames, as, true);
    // Enough for a peer that often takes nothing.
    constexpr std::size_t cycles_per_read = 50;
    const auto cycles_max = (reads.size() + 1) * cycles_per_read;
    std::size_t next = 0;
    for (std::size_t cycle = 0; cycle < cycles_max && !one_by_one.is_done(); ++cycle) {
        const bool reads_now = one_by_one.wants_input() && next <= reads.size();
        const bool is_last = reads_now && next == reads.size();
        const auto read = reads_now && !is_last ? reads[next] : bytes();
        if (reads_now) ++next;
        const std::chrono::milliseconds elapsed(random.below(30) == 0 ? 3000 : random.below(60));
        const auto accepts = random.below(3) == 0   ? random.below(20)
                             : random.below(2) == 0 ? unknown_length
                                                    : std::uint64_t{0};
        one_by_one.cycle(elapsed, read, is_last, accepts);
        in_runs.cycle(elapsed, read, is_last, accepts);
        const auto expected = one_by_one.take_events();
        const auto found = in_runs.take_events();
        if (expected == found) continue;
        return "one by one:\n" + expected + "in runs:\n" + found;
    }
    return {};
}

}  // namespace framewire::tests
