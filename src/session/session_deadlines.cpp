// The deadlines of a session.

#include "framewire/core/units.hpp"
#include "framewire/session/session.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace framewire {
namespace {

time_point after(time_point start, std::chrono::milliseconds duration) noexcept {
    return duration.count() == 0 ? time_point::max() : start + duration;
}

std::uint64_t bytes_at_rate(std::uint64_t per_second, std::chrono::milliseconds period) noexcept {
    return per_second * static_cast<std::uint64_t>(period.count()) / 1000;
}

}  // namespace

time_point session::deadline() const noexcept {
    if (over_ && !owes()) return time_point::max();
    auto earliest = slots_ ? slots_->due() : time_point::max();
    if (!output().empty()) earliest = std::min(earliest, output_deadline());
    if (over_ || has_failed_ || queue_full() || withheld_) return earliest;
    if (budget_.paused()) return std::min(earliest, budget_.resumes());
    switch (decoder_.phase()) {
        case frame_phase::header:
            return std::min(earliest, after(frame_began_, rules_->bounds.header_deadline));
        case frame_phase::payload:
            return std::min(earliest, after(period_began_, rules_->bounds.body_deadline));
        case frame_phase::between_frames:
            if (owes()) return earliest;
            return after(std::max(last_input_, last_output_), rules_->bounds.idle_deadline);
    }
    return earliest;
}

std::optional<errc> session::expire() {
    if (now_ < deadline()) return std::nullopt;
    const bool output_stuck = !output().empty() && now_ >= output_deadline();
    const bool service_late = slots_ && now_ >= slots_->due();
    if (!output_stuck && !service_late && (has_failed_ || budget_.paused())) return std::nullopt;
    auto error = output_stuck   ? output_timeout()
                 : service_late ? service_timeout()
                                : input_timeout();
    if (output_stuck || service_late) {
        over_ = false;  // what is owed cannot be delivered, however the input ended
        drop_slots();
    } else
        add_guess(error.words);
    const auto code = error.code;
    note(std::move(error));
    return code;
}

// What is less than a period's bytes occupies little memory: one byte of it is enough.
time_point session::output_deadline() const noexcept {
    const auto& bounds = rules_->bounds;
    const bool at_rate =
        output().size() > bytes_at_rate(bounds.write_rate_min, bounds.write_deadline);
    return after(at_rate ? output_period_began_ : last_output_, bounds.write_deadline);
}

// Starts a new period whenever the peer kept its rate.
void session::watch_output_rate(std::size_t taken) noexcept {
    if (taken == 0) return;
    const auto& bounds = rules_->bounds;
    const auto period_bytes = bytes_at_rate(bounds.write_rate_min, bounds.write_deadline);
    output_taken_ += taken;
    if (output_taken_ < period_bytes && output().size() > period_bytes) return;
    output_period_began_ = now_;
    output_taken_ = 0;
}

wire_error session::output_timeout() const {
    if (last_output_ != output_period_began_) {
        return {
            errc::io_timeout_write, decoder_.offset(),
            fmt::format("the peer accepted less than {} bytes per second of its replies for {}",
                        rules_->bounds.write_rate_min,
                        format_duration(rules_->bounds.write_deadline))};
    }
    return {errc::io_timeout_write, decoder_.offset(),
            fmt::format("the peer accepted none of {} bytes within {}", output().size(),
                        format_duration(rules_->bounds.write_deadline))};
}

wire_error session::service_timeout() const {
    return {errc::service_timeout, decoder_.offset(),
            fmt::format("a deferred reply was not given within {}",
                        format_duration(rules_->bounds.service_deadline))};
}

wire_error session::input_timeout() const {
    switch (decoder_.phase()) {
        case frame_phase::header:
            return {errc::io_timeout_header, decoder_.offset(),
                    fmt::format("no complete header within {} of its first byte",
                                format_duration(rules_->bounds.header_deadline))};
        case frame_phase::payload:
            return {errc::io_timeout_body, decoder_.offset(),
                    fmt::format("the payload arrived at less than {} bytes per second for {}",
                                rules_->bounds.body_rate_min,
                                format_duration(rules_->bounds.body_deadline))};
        case frame_phase::between_frames: break;
    }
    return {errc::io_timeout_idle, decoder_.offset(),
            fmt::format("nothing arrived for {}", format_duration(rules_->bounds.idle_deadline))};
}

// Records when the current frame began, and starts a new period whenever the payload kept its
// rate.
void session::watch_progress() noexcept {
    const auto phase = decoder_.phase();
    const bool new_frame = watched_frame_ != decoder_.frame_offset();
    if (phase != frame_phase::between_frames &&
        (new_frame || watched_phase_ == frame_phase::between_frames)) {
        frame_began_ = now_;
    }
    const auto period_bytes =
        bytes_at_rate(rules_->bounds.body_rate_min, rules_->bounds.body_deadline);
    const bool kept_rate = decoder_.offset() - period_offset_ >= period_bytes;
    if (phase == frame_phase::payload && (new_frame || watched_phase_ != phase || kept_rate)) {
        period_began_ = now_;
        period_offset_ = decoder_.offset();
    }
    watched_frame_ = decoder_.frame_offset();
    watched_phase_ = phase;
}

}  // namespace framewire
