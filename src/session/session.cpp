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
void forget(std::string& text) noexcept { std::string().swap(text); }

}  // namespace

session::session(const framing& framing, const limits& limits, delivery mode, time_point now)
    : framing_(framing),
      limits_(limits),
      mode_(mode),
      decoder_(framing.decoder(largest_payload(limits, mode), limits.assembled_bytes_max)),
      is_canonical_(framing.is_canonical()),
      budget_(framing.is_raw() ? 0 : limits.tiny_frames_per_second_max, now),
      now_(now),
      last_input_(now),
      last_output_(now),
      frame_began_(now),
      period_began_(now) {}

void session::receive(bytes input) noexcept {
    if (over_ || failure_) return;
    assert(input_.empty());
    assert(lent_.empty());
    last_input_ = now_;
    input_ = received_ = input;
}

void session::receive_error(errc code, std::string words) {
    if (!over_ && !failure_) failure_ = wire_error{code, decoder_.offset(), std::move(words)};
}

std::optional<event> session::next() {
    if (over_) return std::nullopt;
    if (failure_) return fail(std::move(*failure_));
    if (std::exchange(delivered_, false)) forget(assembly_);
    while (budget_.admits(now_) && !input_.empty() && !queue_full()) {
        const auto found = decoder_.next(input_);
        if (found.what == step::need_more) break;
        if (found.what == step::failed) return fail(decoder_.failure());
        if (found.what == step::skipped) return skip(found.part);
        if (auto delivered = deliver(found.part)) return delivered;
    }
    if (budget_.exhausted(now_)) {
        return fail({errc::frame_flood, decoder_.offset(),
                     fmt::format("more than {} payloads of at most one byte in a second",
                                 limits_.tiny_frames_per_second_max)});
    }
    watch_progress();
    if (!input_.empty()) return std::nullopt;
    forget(held_);
    return eof_ ? finish() : std::nullopt;
}

std::optional<event> session::deliver(const piece& part) {
    latest_ = part.whole() ? part.payload : bytes{};
    if (part.whole()) {
        budget_.spend(part.payload.size());
        return event{event::kind::frame, part, decoder_.frame_offset()};
    }
    if (part.first) {
        streaming_ = mode_ == delivery::pieces && part.announced != unknown_length &&
                     part.announced > limits_.assembled_bytes_max;
    }
    if (!streaming_) return assemble(part);
    streaming_ = !part.last;
    return event{event::kind::frame, part, decoder_.frame_offset()};
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
    const bool outgrown = assembly_.size() > limits_.assembled_bytes_max;
    if (outgrown && mode_ == delivery::whole) {
        return fail({errc::frame_too_large, decoder_.frame_offset(),
                     fmt::format("the payload has more than the {} bytes allowed",
                                 limits_.assembled_bytes_max)});
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
    failure_ = std::move(error);
    over_ = true;
    input_ = {};
    forget(held_);
    forget(assembly_);
    return {event::kind::failed, {}, failure_->offset};
}

void session::hold() {
    received_ = {};
    if (std::exchange(delivered_, false)) forget(assembly_);
    if (input_.empty()) {
        forget(held_);
        return;
    }
    held_ = std::string(input_);
    input_ = held_;
}

bool session::queue_full() const noexcept { return output().size() >= limits_.queued_bytes_max; }

bool session::wants_input() const noexcept {
    return !over_ && !eof_ && !failure_ && input_.empty() && !queue_full() && !budget_.paused();
}

bool session::can_go_on() const noexcept {
    return !over_ && !input_.empty() && !queue_full() && !budget_.paused();
}

bool session::at_rest() const noexcept {
    return input_.empty() && output().empty() && decoder_.stands() == phase::between_frames;
}

tl::expected<void, errc> session::send(bytes payload) {
    owe();
    return framing_.encode(payload, output_);
}

tl::expected<void, errc> session::reply(bytes payload) {
    const bool same = payload.data() == latest_.data() && payload.size() == latest_.size();
    const auto size = static_cast<std::size_t>(decoder_.offset() - decoder_.frame_offset());
    const bool whole_here = received_.size() >= input_.size() + size;
    if (!same || latest_.data() == nullptr || !is_canonical_ || !whole_here) return send(payload);
    // The frame ends where the rest of the input begins.
    const bytes frame(received_.data() + received_.size() - input_.size() - size, size);
    if (output().empty()) {
        owe();
        lent_ = frame;
    } else if (!lent_.empty() && lent_.data() + lent_.size() == frame.data()) {
        lent_ = {lent_.data(), lent_.size() + size};
    } else {
        return send(payload);
    }
    return {};
}

void session::keep_output() { output_ += std::exchange(lent_, {}); }

tl::expected<void, errc> session::begin(std::uint64_t announced) {
    owe();
    return framing_.begin(announced, output_).map([&](const open_frame& begun) {
        writing_ = begun;
    });
}

tl::expected<void, errc> session::append(bytes part) {
    owe();
    return framing_.append(writing_, part, output_);
}

tl::expected<void, errc> session::end() {
    owe();
    return framing_.end(writing_, output_);
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
    } else if (output_sent_ >= limits_.queued_bytes_max) {
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
    const auto period_bytes =
        limits_.body_rate_min * static_cast<std::uint64_t>(limits_.body_deadline.count()) / 1000;
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
    if (!output().empty()) earliest = after(last_output_, limits_.write_deadline);
    if (over_ || queue_full()) return earliest;
    if (budget_.paused()) return std::min(earliest, budget_.resumes());
    switch (decoder_.stands()) {
        case phase::header:
            return std::min(earliest, after(frame_began_, limits_.header_deadline));
        case phase::payload:
            return std::min(earliest, after(period_began_, limits_.body_deadline));
        case phase::between_frames:
            if (!output().empty()) return earliest;
            return after(std::max(last_input_, last_output_), limits_.idle_deadline);
    }
    return earliest;
}

bool session::expire() {
    if (now_ < deadline()) return false;
    const bool output_stuck =
        !output().empty() && now_ >= after(last_output_, limits_.write_deadline);
    if (output_stuck) {
        over_ = false;  // what is owed cannot be delivered, however the input ended
        failure_ =
            wire_error{errc::io_timeout_write, decoder_.offset(),
                       fmt::format("the peer took none of {} bytes within {}", output().size(),
                                   format_duration(limits_.write_deadline))};
    } else if (failure_ || budget_.paused()) {
        return false;
    } else {
        failure_ = input_timeout();
    }
    return true;
}

wire_error session::input_timeout() const {
    switch (decoder_.stands()) {
        case phase::header:
            return {errc::io_timeout_header, decoder_.offset(),
                    fmt::format("no complete header within {} of its first byte",
                                format_duration(limits_.header_deadline))};
        case phase::payload:
            return {errc::io_timeout_body, decoder_.offset(),
                    fmt::format("the payload came at less than {} bytes per second for {}",
                                limits_.body_rate_min, format_duration(limits_.body_deadline))};
        case phase::between_frames: break;
    }
    return {errc::io_timeout_idle, decoder_.offset(),
            fmt::format("nothing arrived for {}", format_duration(limits_.idle_deadline))};
}

}  // namespace framewire
