#include "framewire/codec/detail/delimited_decoder.hpp"

#include "framewire/codec/detail/diagnosis.hpp"
#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {

decoded delimited_decoder::next_piece(bytes& input) {
    if (failure_) return {.what = step::failed};
    while (!input.empty()) {
        const bool held_back = matched_ > 0 && scanned_ == 0;
        const auto found = held_back ? resume(input) : read_payload(input);
        if (found.what != step::need_more) return found;
    }
    return {.wanted = inside_ ? end_.wanted(matched_) : 1};
}

void delimited_decoder::begin_frame() noexcept {
    frame_offset_ = offset_;
    sample_.reset();
    inside_ = true;
    first_ = true;
    payload_bytes_ = 0;
}

// Decides about bytes that were held back: they are payload, or the boundary is complete.
decoded delimited_decoder::resume(bytes& input) {
    const auto held = matched_;
    const auto found = end_.resume(input, held);
    const auto known = held + found.scanned;
    const auto seen = input;
    matched_ = found.matched;
    if (!found.complete && found.matched <= found.scanned) {
        scanned_ = found.scanned;
        return deliver(end_.mark().substr(0, held), false, seen);
    }
    if (!found.complete) sample_.keep(input);
    take(input, found.scanned);
    return deliver(end_.mark().substr(0, known - found.matched), found.complete,
                   found.complete ? seen : bytes{});
}

decoded delimited_decoder::read_payload(bytes& input) {
    const auto found = end_.find(input, {.scanned = scanned_, .matched = matched_});
    const auto seen = input;
    const auto payload = input.substr(0, found.scanned - found.matched);
    if (!found.complete) sample_.keep(input);
    matched_ = found.matched;
    take(input, found.scanned);
    return deliver(payload, found.complete, found.complete ? seen : bytes{});
}

// An empty piece is delivered only at the end of a frame.
decoded delimited_decoder::deliver(bytes data, bool last, bytes seen) {
    payload_bytes_ += data.size();
    if (!skipping_ && payload_bytes_ > limit_.payload_bytes_max) {
        if (!limit_.may_skip_late()) return fail_size(seen);
        skipping_ = true;
    }
    if (last) {
        inside_ = false;
        matched_ = 0;
        if (std::exchange(skipping_, false)) {
            return {.what = step::skipped, .piece = {.announced = payload_bytes_}};
        }
    } else if (skipping_ || data.empty()) {
        return {};
    }
    const bool first = std::exchange(first_, false);
    return {.what = step::piece, .piece = {.payload = data, .first = first, .last = last}};
}

decoded delimited_decoder::fail_size(bytes seen) {
    sample_.keep(seen);
    const auto guess = looks_like_protocol(sample_.view());
    // The offset of the first excess byte, however much of the stream has arrived.
    offset_ = frame_offset_ + limit_.payload_bytes_max;
    return fail({errc::frame_too_large, frame_offset_,
                 fmt::format("{} is not ended by {} within the {} bytes allowed{}{}",
                             quote(sample_.view()), quote(end_.name()), limit_.payload_bytes_max,
                             guess.empty() ? "" : "; ", guess)});
}

decoded delimited_decoder::fail(wire_error error) noexcept {
    failure_ = std::move(error);
    return {.what = step::failed};
}

void delimited_decoder::take(bytes& input, std::size_t size) noexcept {
    offset_ += size;
    scanned_ = 0;
    input.remove_prefix(size);
}

wire_error delimited_decoder::truncation() const {
    return {errc::frame_truncated, offset_,
            fmt::format("the stream ended after {} bytes of payload, without {}: {}",
                        payload_bytes_, quote(end_.name()), quote(sample_.view()))};
}

tl::expected<std::uint64_t, errc> measure_delimited(bytes payload, const boundary& end) noexcept {
    const auto found = end.find(payload, {});
    if (found.complete || !end.may_follow(found.matched)) {
        return tl::unexpected(errc::frame_delimiter);
    }
    return payload.size();
}

}  // namespace framewire
