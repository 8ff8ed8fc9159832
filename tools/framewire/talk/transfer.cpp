#include "transfer.hpp"

#include "exchange.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cerrno>
#include <new>
#include <utility>

namespace framewire {

// The connection owns its service; the transfer outlives both.
class transfer::service_of final : public service {
public:
    explicit service_of(transfer& of) : of_(of) {}

    void opened(const peer& /*who*/, outbox& to) override {
        of_.connection_ = to.handle();
        of_.send_next(to);
    }
    void receive(const piece& data, outbox& to) override { of_.receive(data, to); }
    void skipped(std::uint64_t size, outbox& to) override {
        if (!of_.plan_.wants_reply) return;
        of_.fail({fmt::format("{}: a frame of {} was skipped", error_name(errc::frame_too_large),
                              size)},
                 to);
    }
    void writable(outbox& to) override {
        of_.restart_timeout();
        of_.continue_sending(to);
    }
    void peer_ended(outbox& to) override { of_.server_ended(to); }
    void left(const close_reason& why) override { of_.left(why); }
    [[nodiscard]] bool streams() const noexcept override {
        return of_.plan_.mode == delivery::pieces;
    }

private:
    transfer& of_;
};

transfer::transfer(event_loop& loop, const transfer_plan& plan, source next, reply_output& replies)
    : loop_(loop),
      plan_(plan),
      next_(std::move(next)),
      replies_(replies),
      progress_(plan.shows_progress) {}

std::unique_ptr<service> transfer::make_service() { return std::make_unique<service_of>(*this); }

void transfer::send_next(outbox& to) {
    while (!over_) {
        auto next = next_();
        if (!next) return end(to);
        message_ = std::move(*next);
        sent_ = received_ = 0;
        held_.clear();
        holds_ = replies_.adds_line_ends();
        begun_ = all_sent_ = all_received_ = false;
        begin(to);
        // Most messages wait for their reply now.
        if (over_ || !all_sent_ || (plan_.wants_reply && !all_received_)) return;
    }
}

// Whether it can be framed is tried first, as the words for a file differ from those for a reply.
void transfer::begin(outbox& to) {
    restart_timeout();
    std::string tried;
    if (const auto* const file = this->file()) {
        size_ = file->size();
        const auto begun = plan_.frames.begin(file->length(), tried);
        if (!begun) return fail(refusal(begun.error(), file->length()), to);
        begun_ = to.begin(file->length()).has_value();
        return send_file(to);
    }
    const auto& text = std::get<std::string>(message_);
    size_ = text.size();
    const auto framed = plan_.frames.encode(text, tried);
    if (!framed) return fail(refusal(framed.error(), text.size()), to);
    (void)to.reply(text);
    sent_all(to);
}

// As much as there is room for; `writable` continues.
void transfer::send_file(outbox& to) {
    auto* const file = this->file();
    while (file != nullptr && !over_ && !all_sent_ && !to.full()) {
        if (sent_ > 0) progress_.show("sent", sent_, size_);
        if (!file->is_ready()) return wait_for_file(file->native_handle());
        const auto data = file->read();
        if (!data) return fail(data.error(), to);
        // A scanned file could be framed, so it has changed.
        const auto queued = data->empty() ? to.end() : to.append(*data);
        if (!queued) {
            const bool was_scanned = file->size() != unknown_length;
            return fail(
                was_scanned ? file->changed().value() : refusal(queued.error(), unknown_length),
                to);
        }
        sent_ += data->size();
        if (data->empty()) {
            size_ = sent_;
            sent_all(to);
        }
    }
}

// A pipe without data. Files that cannot be polled always have some.
void transfer::wait_for_file(int descriptor) {
    if (waited_for_ == descriptor) return;
    if (loop_.waiting().add(descriptor, *this, {.readable = true})) waited_for_ = descriptor;
}

void transfer::ready(interest /*found*/) {
    loop_.waiting().remove(std::exchange(waited_for_, -1));
    connection_.post([this](outbox& to) { continue_sending(to); });
}

void transfer::continue_sending(outbox& to) {
    send_file(to);
    end_message_if_done(to);
}

void transfer::sent_all(outbox& to) {
    all_sent_ = true;
    restart_timeout();
    if (!counts() || received_ < size_) return;
    if (auto taken = take_unframed({}); !taken) fail(taken.error(), to);
}

void transfer::receive(const piece& data, outbox& to) {
    // A server may reply without being asked, and must not block on it.
    if (!plan_.wants_reply || over_ || all_received_) return;
    restart_timeout();
    const auto taken = counts() ? take_unframed(data.payload) : take_piece(data);
    if (!taken) return fail(taken.error(), to);
    if (!all_sent_) return;
    end_message_if_done(to);
}

void transfer::end_message_if_done(outbox& to) {
    if (!over_ && all_sent_ && (all_received_ || !plan_.wants_reply)) send_next(to);
}

result<void> transfer::take_piece(const piece& data) {
    received_ += data.payload.size();
    const bool is_known = data.announced != unknown_length;
    if (received_ > plan_.reply_bytes_max ||
        (is_known && data.announced > plan_.reply_bytes_max)) {
        return tl::unexpected(failure{
            fmt::format("{}: the reply has more than {}", error_name(errc::frame_too_large),
                        format_size(plan_.reply_bytes_max)),
            "raise --max-payload"});
    }
    if (auto printed = print(data.payload, data.last); !printed) return printed;
    all_received_ = data.last;
    if (!data.last && all_sent_) {
        const bool in_characters = plan_.frames.counts() == counting::in_characters;
        progress_.show("received", received_, in_characters ? unknown_length : data.announced);
    }
    return {};
}

result<void> transfer::take_unframed(bytes data) {
    received_ += data.size();
    const bool complete = all_sent_ && received_ >= size_;
    all_received_ = complete;
    if (holds_ && held_.size() + data.size() <= plan_.held_bytes_max) {
        held_ += data;
        return complete ? print(held_, true) : result<void>();
    }
    holds_ = false;
    auto printed = print(held_, false);
    std::string().swap(held_);
    if (printed) printed = print(data, complete);
    if (all_sent_ && !complete) progress_.show("received", received_, size_);
    return printed;
}

result<void> transfer::print(bytes data, bool last) {
    if (replies_.is_terminal()) progress_.stop();
    return replies_.write(data, last);
}

void transfer::restart_timeout() {
    if (plan_.timeout.count() == 0 || !plan_.wants_reply) return;
    silent_since_ = std::chrono::steady_clock::now();
    loop_.timers().arm(*this, silent_since_ + plan_.timeout);
}

time_point transfer::on_timer(time_point now) {
    const auto due = silent_since_ + plan_.timeout;
    if (over_) return time_point::max();
    if (now < due) return due;
    connection_.post([this](outbox& to) { give_up_if_silent(to); });
    return now + plan_.timeout;
}

// While a message is being sent, the write deadline runs instead.
void transfer::give_up_if_silent(outbox& to) {
    if (over_ || !all_sent_ || to.queued() > 0) return;
    if (std::chrono::steady_clock::now() < silent_since_ + plan_.timeout) return;
    fail(explain(wire_error{errc::io_timeout_reply, received_,
                            fmt::format("no reply within {}", format_duration(plan_.timeout))},
                 plan_.wording),
         to);
}

// Closing with unread replies would reset the connection, and lose messages that are still on
// their way (RFC 9112, section 9.6). So without replies, what comes is read to its end.
void transfer::end(outbox& to) {
    over_ = true;
    plan_.wants_reply || server_ended_ ? to.close() : to.shutdown_send();
}

// A server that will not reply may still take what is sent.
void transfer::server_ended(outbox& to) {
    server_ended_ = true;
    if (plan_.wants_reply || over_) to.close();
}

void transfer::fail(failure why, outbox& to) {
    if (over_) return;
    over_ = true;
    outcome_ = tl::unexpected(std::move(why));
    // A part must not look like the whole: the end of the loop resets the connection.
    const bool is_cut = (begun_ && !all_sent_) || to.queued() > 0;
    is_cut ? loop_.finish() : to.close();
}

// Nobody else ends the loop, so the outcome must not need memory.
void transfer::left(const close_reason& why) noexcept {
    if (!std::exchange(over_, true)) outcome_ = tl::unexpected(failure_for(why));
    if (waited_for_ >= 0) loop_.waiting().remove(waited_for_);
    loop_.finish();
}

failure transfer::failure_for(const close_reason& why) const noexcept try {
    const bool failed = why.what == close_reason::kind::by_error;
    return explain(
        failed ? *why.error : wire_error{errc::io_closed, 0, "the peer closed the connection"},
        plan_.wording);
} catch (const std::bad_alloc&) {
    return {"out of memory"};
}

}  // namespace framewire
