#include "channel.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {

channel::channel(const framing& from, const framing& to, channel_settings how)
    : from_(from),
      to_(to),
      how_(std::move(how)),
      is_same_(from.spec() == to.spec()),
      // What is skipped must not be sent.
      is_untouched_(is_same_ && !how_.take_whole && !how_.take_payload && !how_.rewrite &&
                    from.beyond() == oversize::close),
      counts_alike_(from.counts() == to.counts()),
      decoder_(from) {}

channel::passed channel::take(bytes input) {
    if (failure_) return {{}, failure_};
    if (is_untouched_) return take_untouched(input);
    out_.clear();
    while (true) {
        const auto* const before = input.data();
        const auto found = decoder_.next(input);
        keep_frame({before, static_cast<std::size_t>(input.data() - before)});
        if (found.what == step::need_more) return {out_, {}};
        if (found.what == step::failed) failure_ = decoder_.current().failure();
        if (found.what == step::failed || !convert(found)) return {out_, failure_};
    }
}

channel::passed channel::end() {
    if (failure_) return {{}, failure_};
    out_.clear();
    auto& last = decoder_.current();
    const auto found = last.end_of_stream();
    if (found.what == step::failed) failure_ = last.failure();
    if (found.what == step::piece || found.what == step::skipped) {
        is_untouched_ ? static_cast<void>(++messages_) : static_cast<void>(convert(found));
        if (how_.note && found.what == step::piece) how_.note(found.piece, last.frame_offset());
    } else if (!failure_ && last.phase() != frame_phase::between_frames) {
        failure_ = last.truncation();
    }
    return {out_, failure_};
}

// One that is so much larger than its payload may be is about to be skipped or refused.
void channel::keep_frame(bytes part) {
    if ((!how_.take_whole && !how_.take_payload) || !is_same_ || has_outgrown_) return;
    frame_ += part;
    constexpr std::uint64_t header_bytes = 64 * KiB;
    has_outgrown_ = frame_.size() > 2 * how_.payload_bytes_max + header_bytes;
    if (has_outgrown_) frame_ = {};
}

void channel::forget_frame() noexcept {
    frame_.clear();
    has_outgrown_ = false;
}

// What comes before a wrong frame has been sent, or is.
channel::passed channel::take_untouched(bytes input) {
    auto rest = input;
    while (true) {
        const auto found = decoder_.next(rest);
        if (found.what == step::need_more) break;
        const auto at = decoder_.current().frame_offset();
        if (found.what == step::failed) {
            failure_ = decoder_.current().failure();
            const auto good = at > received_ ? static_cast<std::size_t>(at - received_) : 0;
            received_ += good;
            return {input.substr(0, good), failure_};
        }
        if (found.piece.last) ++messages_;
        if (how_.note) how_.note(found.piece, at);
    }
    received_ += input.size();
    return {input, {}};
}

// Meanwhile a part of another frame has perhaps arrived, or a wrong one.
channel::passed channel::pass(bytes payload, bytes frame) {
    out_.clear();
    auto later = std::exchange(failure_, std::nullopt);
    auto arriving = std::exchange(frame_, std::string(frame));
    const bool has_outgrown = std::exchange(has_outgrown_, false);
    if (pass_as_it_is({.payload = payload}) && !how_.take_whole && !frame.empty()) out_ = frame;
    frame_ = std::move(arriving);
    has_outgrown_ = has_outgrown;
    const auto failed = failure_;
    if (!failed) failure_ = std::move(later);
    return {out_, failed};
}

bool channel::frame_open() const noexcept {
    if (!is_untouched_) return open_.has_value();
    const auto& current = decoder_.current();
    return current.phase() != frame_phase::between_frames && received_ > current.frame_offset();
}

const framing& channel::sends() const noexcept {
    return !has_sent_ && to_.first() != nullptr ? *to_.first() : to_;
}

void channel::sent_one() noexcept {
    has_sent_ = true;
    ++messages_;
}

bool channel::can_begin(const piece& data) const noexcept {
    if (how_.take_whole || how_.take_payload || how_.rewrite || how_.beyond == misfit::skip) {
        return false;
    }
    return !sends().announces_length() || (data.announced != unknown_length && counts_alike_);
}

// False if nothing passes any more.
bool channel::convert(const decoded& found) {
    if (found.what == step::skipped) {
        held_.clear();
        forget_frame();
        return true;
    }
    const auto& data = found.piece;
    if (how_.note) how_.note(data, decoder_.current().frame_offset());
    if (data.first && data.last) return pass_whole(data);
    if (data.first) is_held_ = !can_begin(data);
    return is_held_ ? hold(data) : pass_piece(data);
}

bool channel::pass_whole(const piece& data) {
    if (how_.take_payload && !data.idle) {
        how_.take_payload(data.payload, frame_);
        forget_frame();
        return true;
    }
    if (how_.rewrite && !data.idle) return pass_rewritten(data);
    return pass_as_it_is(data);
}

// The frame that it came in is that of another payload, unless nothing has changed.
bool channel::pass_rewritten(const piece& data) {
    const auto rewritten = how_.rewrite(data.payload);
    if (rewritten != data.payload) frame_.clear();
    return pass_as_it_is({.payload = rewritten});
}

bool channel::pass_as_it_is(const piece& data) {
    const auto before = out_.size();
    const auto sent =
        data.idle ? sends().encode_idle(data.field, out_) : sends().encode(data.payload, out_);
    // A sign of life that the other framing does not know is none of its messages.
    if (!sent && data.idle) return true;
    if (!sent) return refuse(sent.error(), data.payload.size());
    sent_one();
    if (!how_.take_whole) return true;
    const auto made = bytes(out_).substr(before);
    how_.take_whole({.payload = data.payload,
                     .frame = frame_.empty() ? made : bytes(frame_),
                     .offset = decoder_.current().frame_offset()});
    out_.resize(before);
    forget_frame();
    return true;
}

bool channel::pass_piece(const piece& data) {
    if (data.first) {
        auto begun = sends().begin(data.announced, out_);
        if (!begun) return refuse(begun.error(), data.announced);
        open_ = *std::move(begun);
    }
    if (auto added = sends().append(*open_, data.payload, out_); !added) {
        return refuse(added.error(), data.announced);
    }
    if (!data.last) return true;
    if (auto ended = sends().end(*open_, out_); !ended) {
        return refuse(ended.error(), data.announced);
    }
    open_.reset();
    sent_one();
    return true;
}

bool channel::hold(const piece& data) {
    if (held_.size() + data.payload.size() > how_.payload_bytes_max) {
        failure_ = {errc::frame_too_large, decoder_.current().frame_offset(),
                    fmt::format("the message has more than the {} bytes that are held of one",
                                how_.payload_bytes_max)};
        return false;
    }
    held_ += data.payload;
    if (!data.last) return true;
    is_held_ = false;
    const auto whole = std::exchange(held_, {});
    return pass_whole({.payload = whole});
}

// What has been begun can only be broken off.
bool channel::refuse(errc why, std::uint64_t size) {
    ++misfits_;
    if (how_.beyond == misfit::skip && !open_) {
        forget_frame();
        return true;
    }
    failure_ = to_.refusal(why, size);
    failure_->offset = decoder_.current().frame_offset();
    return false;
}

}  // namespace framewire
