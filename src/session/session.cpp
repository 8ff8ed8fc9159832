#include "framewire/session/session.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cassert>
#include <utility>

namespace framewire {
namespace {

std::uint64_t largest_payload(const limits& limits, delivery mode) noexcept {
    return mode == delivery::whole ? limits.assembled_bytes_max : unknown_length - 1;
}

time_point after(time_point start, std::chrono::milliseconds duration) noexcept {
    return duration.count() == 0 ? time_point::max() : start + duration;
}

// Assigning an empty string would keep the memory.
void forget(std::string& text) noexcept {
    if (text.empty() && text.capacity() <= std::string().capacity()) return;
    std::string().swap(text);
}

}  // namespace

session::session(std::shared_ptr<const session_rules> rules, delivery mode, time_point now)
    : rules_(std::move(rules)),
      mode_(mode),
      is_canonical_(rules_->frames.is_canonical()),
      decoder_(rules_->frames.decoder(largest_payload(rules_->bounds, mode),
                                      rules_->bounds.assembled_bytes_max)),
      budget_(rules_->frames.is_raw() ? 0 : rules_->bounds.tiny_frames_per_second_max, now),
      now_(now),
      last_input_(now),
      last_output_(now),
      frame_began_(now),
      period_began_(now) {}

session::session(const framing& framing, const limits& limits, delivery mode, time_point now)
    : session(std::make_shared<const session_rules>(session_rules{framing, limits}), mode, now) {}

void session::receive(bytes input) noexcept {
    if (over_ || failure_) return;
    assert(input_.empty());
    assert(lent_.empty());
    last_input_ = now_;
    input_ = input;
    latest_frame_ = {};
}

void session::receive_error(errc code, std::string words) {
    if (over_ || failure_) return;
    failure_ = std::make_unique<wire_error>(wire_error{code, decoder_.offset(), std::move(words)});
}

std::optional<event> session::next() {
    std::optional<event> said;
    auto other = next([&](const piece& part, std::uint64_t offset) {
        said = event{event::kind::frame, part, offset};
        return false;
    });
    return said ? said : other;
}

// What was not a whole payload.
std::optional<event> session::judge(const decoded& found) {
    switch (found.what) {
        case step::need_more: break;
        case step::failed: return fail(decoder_.failure());
        case step::skipped: return skip(found.part);
        case step::part: return deliver(found.part);
    }
    return std::nullopt;
}

// What there is to say once nothing can be decoded for now.
std::optional<event> session::rest() {
    if (over_) return std::nullopt;
    if (failure_) return fail(std::move(*failure_));
    if (budget_.exhausted(now_)) {
        return fail({errc::frame_flood, decoder_.offset(),
                     fmt::format("more than {} payloads of at most one byte in a second",
                                 rules_->bounds.tiny_frames_per_second_max)});
    }
    watch_progress();
    if (!input_.empty()) return std::nullopt;
    forget(held_);
    return eof_ ? finish() : std::nullopt;
}

std::optional<event> session::deliver(const piece& part) {
    latest_frame_ = {};
    if (part.first) {
        streaming_ = mode_ == delivery::pieces && part.announced != unknown_length &&
                     part.announced > rules_->bounds.assembled_bytes_max;
    }
    if (!streaming_) return assemble(part);
    streaming_ = !part.last;
    return event{event::kind::frame, part, decoder_.frame_offset()};
}

void session::drop_assembly() noexcept {
    delivered_ = false;
    forget(assembly_);
}

// Nothing may be left of a frame that was found too large only after some of it had come.
event session::skip(const piece& part) {
    forget(assembly_);
    assert(!streaming_);
    budget_.spend(part.announced);
    return {event::kind::skipped, part, decoder_.frame_offset()};
}

std::optional<event> session::assemble(const piece& part) {
    assembly_ += part.payload;
    const bool outgrown = assembly_.size() > rules_->bounds.assembled_bytes_max;
    if (outgrown && mode_ == delivery::whole) {
        return fail({errc::frame_too_large, decoder_.frame_offset(),
                     fmt::format("the payload has more than the {} bytes allowed",
                                 rules_->bounds.assembled_bytes_max)});
    }
    if (!part.last && !outgrown) return std::nullopt;
    streaming_ = outgrown && !part.last;
    delivered_ = true;
    return event{
        event::kind::frame,
        {.payload = assembly_, .announced = part.announced, .first = true, .last = part.last},
        decoder_.frame_offset()};
}

std::optional<event> session::finish() {
    if (decoder_.stands() != phase::between_frames) return fail(decoder_.truncation());
    over_ = true;
    return event{event::kind::finished, {}, decoder_.offset()};
}

event session::fail(wire_error error) {
    failure_ = std::make_unique<wire_error>(std::move(error));
    over_ = true;
    input_ = {};
    forget(held_);
    forget(assembly_);
    return {event::kind::failed, {}, failure_->offset};
}

void session::hold_rest() {
    if (delivered_) drop_assembly();
    if (input_.empty()) {
        forget(held_);
        return;
    }
    held_ = std::string(input_);
    input_ = held_;
}

bool session::at_rest() const noexcept {
    return input_.empty() && output().empty() && decoder_.stands() == phase::between_frames;
}

tl::expected<void, errc> session::send(bytes payload) {
    owe();
    return rules_->frames.encode(payload, output_);
}

bool session::begin_lending() noexcept {
    if (!output().empty()) return false;
    last_output_ = now_;
    lent_ = latest_frame_;
    return true;
}

void session::copy_lent() { output_ += std::exchange(lent_, {}); }

tl::expected<void, errc> session::begin(std::uint64_t announced) {
    owe();
    return rules_->frames.begin(announced, output_).map([&](const open_frame& begun) {
        writing_ = begun;
    });
}

tl::expected<void, errc> session::append(bytes part) {
    owe();
    return rules_->frames.append(writing_, part, output_);
}

tl::expected<void, errc> session::end() {
    owe();
    return rules_->frames.end(writing_, output_);
}

// The peer's time to take its replies runs from the first that waits.
void session::owe() {
    if (output().empty()) last_output_ = now_;
    keep_output();  // what follows is queued behind it
}

void session::sent(std::size_t size) {
    const bool was_full = queue_full();
    if (size > 0) last_output_ = now_;
    if (!lent_.empty()) {
        lent_.remove_prefix(size);
        size = 0;
    }
    output_sent_ += size;
    assert(output_sent_ <= output_.size());
    if (output_sent_ == output_.size()) {
        output_.clear();
        output_sent_ = 0;
    } else if (output_sent_ >= rules_->bounds.queued_bytes_max) {
        // A peer that never quite empties its queue must not make it grow for ever.
        output_.erase(0, std::exchange(output_sent_, 0));
    }
    // While it was not read from, the peer could not make progress.
    if (was_full && !queue_full()) frame_began_ = period_began_ = now_;
}

void session::drop_output() noexcept {
    forget(output_);
    lent_ = {};
    output_sent_ = 0;
}

// Notes when the frame that is arriving began, and starts a new period whenever the payload kept
// its rate.
void session::watch_progress() noexcept {
    const auto stands = decoder_.stands();
    const bool new_frame = watched_frame_ != decoder_.frame_offset();
    if (stands != phase::between_frames &&
        (new_frame || watched_phase_ == phase::between_frames)) {
        frame_began_ = now_;
    }
    const auto period_bytes = rules_->bounds.body_rate_min *
                              static_cast<std::uint64_t>(rules_->bounds.body_deadline.count()) /
                              1000;
    const bool kept_rate = decoder_.offset() - period_offset_ >= period_bytes;
    if (stands == phase::payload && (new_frame || watched_phase_ != stands || kept_rate)) {
        period_began_ = now_;
        period_offset_ = decoder_.offset();
    }
    watched_frame_ = decoder_.frame_offset();
    watched_phase_ = stands;
}

time_point session::deadline() const noexcept {
    if (over_ && output().empty()) return time_point::max();
    auto earliest = time_point::max();
    if (!output().empty()) earliest = after(last_output_, rules_->bounds.write_deadline);
    if (over_ || queue_full()) return earliest;
    if (budget_.paused()) return std::min(earliest, budget_.resumes());
    switch (decoder_.stands()) {
        case phase::header:
            return std::min(earliest, after(frame_began_, rules_->bounds.header_deadline));
        case phase::payload:
            return std::min(earliest, after(period_began_, rules_->bounds.body_deadline));
        case phase::between_frames:
            if (!output().empty()) return earliest;
            return after(std::max(last_input_, last_output_), rules_->bounds.idle_deadline);
    }
    return earliest;
}

bool session::expire() {
    if (now_ < deadline()) return false;
    const bool output_stuck =
        !output().empty() && now_ >= after(last_output_, rules_->bounds.write_deadline);
    if (output_stuck) {
        over_ = false;  // what is owed cannot be delivered, however the input ended
        failure_ = std::make_unique<wire_error>(
            wire_error{errc::io_timeout_write, decoder_.offset(),
                       fmt::format("the peer took none of {} bytes within {}", output().size(),
                                   format_duration(rules_->bounds.write_deadline))});
    } else if (failure_ || budget_.paused()) {
        return false;
    } else {
        failure_ = std::make_unique<wire_error>(input_timeout());
    }
    return true;
}

wire_error session::input_timeout() const {
    switch (decoder_.stands()) {
        case phase::header:
            return {errc::io_timeout_header, decoder_.offset(),
                    fmt::format("no complete header within {} of its first byte",
                                format_duration(rules_->bounds.header_deadline))};
        case phase::payload:
            return {errc::io_timeout_body, decoder_.offset(),
                    fmt::format("the payload came at less than {} bytes per second for {}",
                                rules_->bounds.body_rate_min,
                                format_duration(rules_->bounds.body_deadline))};
        case phase::between_frames: break;
    }
    return {errc::io_timeout_idle, decoder_.offset(),
            fmt::format("nothing arrived for {}", format_duration(rules_->bounds.idle_deadline))};
}

}  // namespace framewire
