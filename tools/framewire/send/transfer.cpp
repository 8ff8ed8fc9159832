#include "transfer.hpp"

#include "cli/explain.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <new>
#include <utility>

namespace framewire {

// The connection owns its service; the transfer outlives both.
class transfer::service_of final : public service {
public:
    explicit service_of(transfer& of) : of_(of) {}

    void opened(const peer& /*who*/, outbox& to) override { of_.open(to); }
    void receive(const piece& data, outbox& to) override { of_.receive(data, to); }
    void skipped(std::uint64_t size, outbox& to) override { of_.skip(size, to); }
    void writable(outbox& to) override { of_.send(to); }
    void peer_ended(outbox& to) override { of_.server_ended(to); }
    void left(const close_reason& why) override { of_.left(why); }
    [[nodiscard]] bool streams() const noexcept override {
        return of_.plan_.mode == delivery::pieces;
    }

private:
    transfer& of_;
};

transfer::transfer(event_loop& loop, const transfer_plan& plan, message_source next,
                   reply_output& replies)
    : loop_(loop),
      plan_(plan),
      progress_(plan.shows_progress),
      sender_(loop, plan.frames, plan.wording, std::move(next), progress_,
              [this] { handle_.post([this](outbox& to) { send(to); }); }),
      reader_(plan.rules, replies, progress_) {}

std::unique_ptr<service> transfer::make_service() { return std::make_unique<service_of>(*this); }

void transfer::serves(const connection& one) noexcept {
    if (!has_left_) connection_ = &one;
}

void transfer::open(outbox& to) {
    handle_ = to.handle();
    note_traffic();
    if (shortest_wait() != std::chrono::milliseconds::max()) {
        loop_.timers().arm(*this, moved_ + shortest_wait());
    }
    send(to);
}

void transfer::send(outbox& to) {
    while (!over_ && !all_sent_ && !to.full()) {
        const auto ahead = sender_.look_ahead();
        all_sent_ = ahead == sender::outlook::none;
        const bool waits = plan_.in_lockstep && received() < sent_;
        if (ahead != sender::outlook::some || waits) break;
        const auto advanced = sender_.advance(to);
        if (!advanced) return fail(advanced.error(), to);
        note_traffic();
        if (*advanced == sender::step::waits) break;
        ++sent_;
        const auto noted = reader_.note_sent(sent_, sender_.sent_bytes());
        if (!noted) return fail(noted.error(), to);
    }
    review(to);
}

void transfer::receive(const piece& data, outbox& to) {
    note_traffic();
    // A server may reply without being asked, and must not block on it.
    if (over_ || expects<discarded>()) return;
    if (plan_.is_strict && data.first && received() >= sent_ && !sender_.is_inside_message()) {
        return fail({fmt::format("an unexpected frame arrived after {}", received_words()),
                     "without --strict, all frames are printed"},
                    to);
    }
    const auto bytes_sent = sender_.sent_bytes();
    const auto taken = reader_.take(data, bytes_sent, !sender_.is_inside_message()).and_then([&] {
        return reader_.note_sent(sent_, bytes_sent);
    });
    if (!taken) return fail(taken.error(), to);
    send(to);
}

void transfer::skip(std::uint64_t size, outbox& to) {
    if (expects<discarded>()) return;
    fail({fmt::format("{}: a frame of {} was skipped", error_name(errc::frame_too_large), size)},
         to);
}

// What all that has happened amounts to.
void transfer::review(outbox& to) {
    if (over_ || !all_sent_) return;
    if (server_ended_ && (has_all() || expects<discarded>())) return end(to);
    const bool waits = !expects<exactly>() && plan_.wait.count() > 0;
    if (has_all() && !waits && !expects<until_the_end>() && !expects<discarded>()) return end(to);
    // A server that serves a message while it sees the end of our stream may forget the reply.
    if (has_all()) end_stream(to);
}

void transfer::end_stream(outbox& to) {
    if (plan_.ends_stream && !std::exchange(stream_ended_, true)) to.shutdown_send();
}

void transfer::end(outbox& to) {
    over_ = true;
    to.close();
}

void transfer::server_ended(outbox& to) {
    server_ended_ = true;
    if (over_) return to.close();
    const bool needs_no_reply = due() == 0 && !expects<one_each>();
    if (needs_no_reply || has_all()) return send(to);
    fail(missing(errc::io_closed), to);
}

void transfer::fail(failure why, outbox& to) {
    if (over_) return;
    over_ = true;
    outcome_ = tl::unexpected(std::move(why));
    // A part must not look like the whole: the end of the loop resets the connection.
    const bool is_cut = sender_.is_inside_message() || to.queued() > 0;
    is_cut ? loop_.finish() : to.close();
}

void transfer::break_off(failure why) noexcept {
    if (outcome_) outcome_ = tl::unexpected(std::move(why));
    over_ = true;
    loop_.finish();
}

// Nobody else ends the loop, so the outcome must not need memory.
void transfer::left(const close_reason& why) noexcept {
    has_left_ = true;
    connection_ = nullptr;
    sender_.stop();
    if (!std::exchange(over_, true)) {
        const bool is_reset = why.error != nullptr && why.error->code == errc::io_reset;
        const bool was_answered = has_all() && received() > 0;
        if (!is_reset || !was_answered) outcome_ = tl::unexpected(failure_for(why));
    }
    loop_.finish();
}

// How many replies must come for all that has been sent.
std::uint64_t transfer::due() const noexcept {
    if (const auto* wanted = std::get_if<exactly>(&plan_.replies)) return wanted->count;
    if (!expects<one_each>()) return 0;
    const bool is_one = plan_.rules.borders == reply_borders::none;
    return is_one ? std::min<std::uint64_t>(sent_, 1) : sent_;
}

bool transfer::waits_for_reply() const noexcept {
    if (expects<until_the_end>()) return all_sent_;
    if (plan_.in_lockstep && expects<one_each>() && received() < sent_) return true;
    return all_sent_ && !has_all();
}

std::chrono::milliseconds transfer::shortest_wait() const noexcept {
    constexpr auto never = std::chrono::milliseconds::max();
    if (expects<discarded>()) return never;
    const auto timeout = plan_.timeout.count() == 0 ? never : plan_.timeout;
    if (!plan_.ends_stream || expects<until_the_end>()) return timeout;
    return std::min({plan_.wait, plan_.end_after, timeout});
}

time_point transfer::on_timer(time_point now) {
    if (over_) return time_point::max();
    const auto next = moved_ + shortest_wait();
    if (now < next) return next;
    handle_.post([this](outbox& to) { check_silence(to); });
    return now +
           std::max<std::chrono::milliseconds>(shortest_wait(), std::chrono::milliseconds(1));
}

// While a message is being sent, the write deadline runs instead.
void transfer::check_silence(outbox& to) {
    if (over_) return;
    if (sender_.is_inside_message() || to.queued() > 0) return note_traffic();
    const auto silence = std::chrono::steady_clock::now() - moved_;
    const bool is_quiet = plan_.ends_stream && silence >= plan_.wait;
    const bool is_slow = plan_.ends_stream && silence >= plan_.end_after;
    const bool inside_frame = connection_ != nullptr && !connection_->is_at_rest();
    if (is_quiet && has_all() && !expects<until_the_end>() && !inside_frame) return end(to);
    // It may be one that replies at the end of its input.
    if (is_slow && all_sent_) end_stream(to);
    const bool is_due = waits_for_reply() || inside_frame;
    if (!is_due || plan_.timeout.count() == 0 || silence < plan_.timeout) return;
    if (!waits_for_reply()) return fail(incomplete(), to);
    fail(missing(errc::io_timeout_reply), to);
}

std::string transfer::received_words() const {
    return fmt::format("{} {}", received(), received() == 1 ? plan_.one_word : plan_.many_words);
}

failure transfer::incomplete() const {
    return {fmt::format("{}: the last frame is incomplete: nothing arrived for {}",
                        error_name(errc::io_timeout_reply), format_duration(plan_.timeout))};
}

failure transfer::missing(errc why) const {
    const bool closed = why == errc::io_closed;
    const auto reason =
        closed ? std::string("the server closed the connection")
               : fmt::format("nothing arrived for {}", format_duration(plan_.timeout));
    const auto name = closed ? std::string() : fmt::format("{}: ", error_name(why));
    const char* const hint = plan_.ends_stream
                                 ? "try --no-reply if the server does not reply, or --replies "
                                   "N|all if it does not reply once to each message"
                                 : "";
    if (expects<until_the_end>()) {
        return {fmt::format("{}{}, and then the server did not close within {}", name,
                            received_words(), format_duration(plan_.timeout)),
                "--timeout 0 waits forever"};
    }
    const auto wanted = std::max(due(), expects<one_each>() ? plan_.messages.value_or(0) : 0);
    const auto unsent = plan_.messages.value_or(sent_) - sent_;
    const auto rest =
        unsent == 0
            ? std::string()
            : fmt::format(" ({} not sent)",
                          unsent == 1 ? "1 message was" : fmt::format("{} messages were", unsent));
    if (received() == 0 && wanted <= 1) {
        if (closed) return {explain(wire_error{why, 0, {}}, plan_.wording).words, hint};
        return {fmt::format("{}no reply within {}", name, format_duration(plan_.timeout)), hint};
    }
    if (received() >= wanted) return {fmt::format("{} after {}", reason, received_words())};
    return {fmt::format("{}{} of {} {}: {}{}", name, received(), wanted, plan_.many_words, reason,
                        rest),
            hint};
}

failure transfer::failure_for(const close_reason& why) const noexcept try {
    if (why.what == close_reason::kind::by_error) return explain(*why.error, plan_.wording);
    return missing(errc::io_closed);
} catch (const std::bad_alloc&) {
    return {"out of memory"};
}

}  // namespace framewire
