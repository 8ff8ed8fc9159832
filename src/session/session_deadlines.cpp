// The deadlines of a session.

#include "framewire/core/units.hpp"
#include "framewire/session/session.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <memory>
#include <utility>

namespace framewire {
namespace {

time_point after(time_point start, std::chrono::milliseconds duration) noexcept {
    return duration.count() == 0 ? time_point::max() : start + duration;
}

}  // namespace

time_point session::deadline() const noexcept {
    if (over_ && !owes()) return time_point::max();
    auto earliest = slots_ ? slots_->due() : time_point::max();
    if (!output().empty())
        earliest = std::min(earliest, after(last_output_, rules_->bounds.write_deadline));
    if (over_ || failure_ || queue_full()) return earliest;
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
    const bool output_stuck =
        !output().empty() && now_ >= after(last_output_, rules_->bounds.write_deadline);
    const bool service_late = slots_ && now_ >= slots_->due();
    if (!output_stuck && !service_late && (failure_ || budget_.paused())) return std::nullopt;
    over_ = false;  // what is owed cannot be delivered, however the input ended
    auto error = output_stuck   ? output_timeout()
                 : service_late ? service_timeout()
                                : input_timeout();
    drop_slots();
    const auto code = error.code;
    if (!failure_) failure_ = std::make_unique<wire_error>(std::move(error));
    return code;
}

wire_error session::output_timeout() const {
    return {errc::io_timeout_write, decoder_.offset(),
            fmt::format("the peer took none of {} bytes within {}", output().size(),
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
                    fmt::format("the payload came at less than {} bytes per second for {}",
                                rules_->bounds.body_rate_min,
                                format_duration(rules_->bounds.body_deadline))};
        case frame_phase::between_frames: break;
    }
    return {errc::io_timeout_idle, decoder_.offset(),
            fmt::format("nothing arrived for {}", format_duration(rules_->bounds.idle_deadline))};
}

}  // namespace framewire
