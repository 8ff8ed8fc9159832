#include "framewire/session/session.hpp"

#include "forget.hpp"
#include "framewire/codec/detail/guess.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cassert>
#include <utility>

namespace framewire {

session::session(std::shared_ptr<const session_rules> rules, delivery mode, time_point now,
                 std::string* shared)
    : rules_(std::move(rules)),
      mode_(mode),
      is_canonical_(rules_->frames.is_canonical()),
      is_plain_(rules_->are_alike),
      decoder_(make_decoder(rules_->frames)),
      budget_(rules_->frames.is_raw() ? 0 : rules_->bounds.tiny_frames_per_second_max, now),
      now_(now),
      last_input_(now),
      last_output_(now),
      output_period_began_(now),
      shared_(shared),
      frame_began_(now),
      period_began_(now) {
    if (rules_->frames.first() != nullptr || rules_->sends.first() != nullptr) begin_framings();
}

session::session(const framing& framing, const limits& limits, delivery mode, time_point now)
    : session(std::make_shared<const session_rules>(framing, limits), mode, now) {}

decoder session::make_decoder(const framing& frames) const {
    const auto& bounds = rules_->bounds;
    const auto largest =
        mode_ == delivery::whole ? bounds.assembled_bytes_max : unknown_length - 1;
    return frames.decoder(largest, bounds.assembled_bytes_max);
}

void session::deliver_as(delivery mode) {
    mode_ = mode;
    decoder_ = make_decoder(receives_now());
}

void session::receive(bytes input) noexcept {
    if (over_ || has_failed_) return;
    assert(input_.empty());
    assert(lent_.empty() || lent_owner_);
    last_input_ = now_;
    input_ = input;
    latest_frame_ = {};
}

void session::receive_error(errc code, std::string words) {
    if (over_) return;
    add_guess(words);
    note({code, offset(), std::move(words)});
}

void session::give_up(errc code, std::string words) noexcept {
    give_up({code, offset(), std::move(words)});
}

void session::give_up(wire_error error) noexcept {
    over_ = true;
    drop_slots();
    note(std::move(error));
}

void session::note(wire_error error) noexcept {
    if (!std::exchange(has_failed_, true)) failure_ = std::move(error);
}

std::optional<event> session::next() {
    std::optional<event> found;
    auto other = next([&](const piece& data, std::uint64_t offset) {
        found = event{event::kind::frame, data, offset};
        return false;
    });
    return found ? found : other;
}

// For everything but a whole payload.
std::optional<event> session::event_for(const decoded& found) {
    switch (found.what) {
        case step::need_more: break;
        case step::failed: return fail(misread());
        case step::skipped: return skip(found.piece);
        case step::piece: return deliver(found.piece);
    }
    return std::nullopt;
}

// The event, if any, once nothing more can be decoded for now.
std::optional<event> session::rest() {
    if (over_) return std::nullopt;
    if (has_failed_) return failed();
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

std::optional<event> session::deliver(const piece& data) {
    latest_frame_ = {};
    if (data.first) {
        streaming_ = mode_ == delivery::pieces && data.announced != unknown_length &&
                     data.announced > rules_->bounds.assembled_bytes_max;
    }
    if (!streaming_) return assemble(data);
    streaming_ = !data.last;
    return event{event::kind::frame, data, decoder_.frame_offset()};
}

void session::drop_assembly() noexcept {
    delivered_ = false;
    forget(assembly_);
}

// Parts of a frame may have arrived before it was found too large.
event session::skip(const piece& data) {
    forget(assembly_);
    assert(!streaming_);
    budget_.spend(data.announced);
    return {event::kind::skipped, data, decoder_.frame_offset()};
}

// Twice as much each time, as a string would grow, but not beyond the payload's end.
void session::grow_assembly(const piece& data) {
    const auto needed = assembly_.size() + data.payload.size();
    const auto end = std::max<std::uint64_t>(
        needed, data.announced == unknown_length ? needed * 2 : data.announced);
    std::string grown;
    grown.reserve(static_cast<std::size_t>(
        std::min<std::uint64_t>(std::max(needed, assembly_.capacity() * 2), end)));
    grown += assembly_;
    assembly_.swap(grown);
}

std::optional<event> session::assemble(const piece& data) {
    if (assembly_.capacity() - assembly_.size() < data.payload.size()) grow_assembly(data);
    assembly_ += data.payload;
    const bool outgrown = assembly_.size() > rules_->bounds.assembled_bytes_max;
    if (outgrown && mode_ == delivery::whole) {
        return fail({errc::frame_too_large, decoder_.frame_offset(),
                     fmt::format("the payload has more than the {} bytes allowed",
                                 rules_->bounds.assembled_bytes_max)});
    }
    if (!data.last && !outgrown) return std::nullopt;
    streaming_ = outgrown && !data.last;
    delivered_ = true;
    return event{
        event::kind::frame,
        {.payload = assembly_, .announced = data.announced, .first = true, .last = data.last},
        decoder_.frame_offset()};
}

std::optional<event> session::finish() {
    if (const auto last = decoder_.end_of_stream(); last.what != step::need_more) {
        return event_for(last);
    }
    if (decoder_.phase() != frame_phase::between_frames) {
        auto error = decoder_.truncation();
        add_guess(error.words);
        return fail(std::move(error));
    }
    over_ = true;
    return event{event::kind::finished, {}, decoder_.offset()};
}

// What the unfinished frame looks like.
void session::add_guess(std::string& words) const {
    if (decoder_.phase() == frame_phase::between_frames) return;
    const auto guess =
        guess_unfinished(receives_now(), decoder_, delivered_ ? bytes() : bytes(assembly_));
    if (guess.empty()) return;
    if (!words.empty()) words += "; ";
    words += guess;
}

// The decoder's error. What follows the latest frame in the same read is more telling than what
// is wrong there, so that its guess replaces the decoder's.
wire_error session::misread() const {
    auto error = decoder_.failure();
    if (latest_frame_.empty() || input_.data() != latest_frame_.data() + latest_frame_.size()) {
        return error;
    }
    const auto guess = guess_after(receives_now(), latest_frame_, input_);
    if (guess.empty()) return error;
    for (const std::string_view beginning : {"; looks ", "; nothing but "}) {
        const auto border = error.words.rfind(beginning);
        const bool is_last = error.words.find('"', border) == std::string::npos;
        if (border != std::string::npos && is_last) error.words.resize(border);
    }
    error.words += "; " + guess;
    return error;
}

event session::fail(wire_error error) noexcept {
    note(std::move(error));
    return failed();
}

event session::failed() noexcept {
    over_ = true;
    input_ = {};
    forget(held_);
    forget(assembly_);
    abandon_frame();
    return {event::kind::failed, {}, failure_.offset};
}

void session::hold_input() {
    if (delivered_) drop_assembly();
    if (over_) input_ = {};
    if (input_.empty()) {
        forget(held_);
        return;
    }
    // What is held is copied again only once half of it has been decoded: a peer with many small
    // frames takes many cycles for it.
    const bool is_held =
        input_.data() >= held_.data() && input_.data() < held_.data() + held_.size();
    if (is_held && input_.size() > held_.size() / 2) return;
    held_ = std::string(input_);
    input_ = held_;
}

bool session::at_rest() const noexcept { return input_.empty() && !owes() && !inside_frame(); }

bool session::inside_frame() const noexcept {
    return decoder_.phase() != frame_phase::between_frames;
}

}  // namespace framewire
