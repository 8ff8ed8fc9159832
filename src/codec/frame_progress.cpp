#include "framewire/codec/detail/frame_progress.hpp"

#include "framewire/codec/detail/diagnosis.hpp"
#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {
namespace {

std::string with_guess(std::string words, std::string_view guess) {
    if (!guess.empty()) words += fmt::format("; {}", guess);
    return words;
}

}  // namespace

decoded frame_progress::take(bytes& input, const reading_step& found, bytes end) {
    const auto seen = input;
    const auto begin = offset_;
    offset_ += found.taken;
    input.remove_prefix(found.taken);
    if (found.what == reading_step::kind::fill) {
        next_frame_ = offset_ - found.opening;
        return {};
    }
    if (!inside_) {
        frame_offset_ = next_frame_;
        sample_.reset();
        inside_ = first_ = true;
        payload_bytes_ = 0;
    }
    const bool last = found.what == reading_step::kind::end;
    if (!last) sample_.keep(seen.substr(0, found.taken));
    const bool in_sight =
        found.data.data() >= seen.data() && found.data.data() <= seen.data() + seen.size();
    const auto before = payload_bytes_;
    const auto done = deliver(found.data, last, last ? seen : seen.substr(found.taken), end);
    if (done.what == step::failed) {
        // The first excess byte, however much of the stream has arrived.
        offset_ = begin;
        if (in_sight) {
            offset_ += static_cast<std::size_t>(found.data.data() - seen.data()) +
                       (limit_.payload_bytes_max - before);
        }
    }
    if (last) next_frame_ = offset_;
    return done;
}

// An empty piece is delivered only at the end of a frame.
decoded frame_progress::deliver(bytes data, bool last, bytes seen, bytes end) {
    payload_bytes_ += data.size();
    if (!skipping_ && payload_bytes_ > limit_.payload_bytes_max) {
        if (!limit_.may_skip_late()) return fail_size(seen, end);
        skipping_ = true;
    }
    if (last) {
        inside_ = false;
        if (std::exchange(skipping_, false)) {
            return {.what = step::skipped, .piece = {.announced = payload_bytes_}};
        }
    } else if (skipping_ || data.empty()) {
        return {};
    }
    const bool first = std::exchange(first_, false);
    return {.what = step::piece, .piece = {.payload = data, .first = first, .last = last}};
}

decoded frame_progress::fail_size(bytes seen, bytes end) {
    sample_.keep(seen);
    failure_ = {
        errc::frame_too_large, frame_offset_,
        with_guess(fmt::format("{} is not ended by {} within the {} bytes allowed",
                               quote(sample_.view()), quote(end), limit_.payload_bytes_max),
                   looks_like_protocol(sample_.view()))};
    return {.what = step::failed};
}

bytes frame_progress::begin_failure(bytes input) {
    if (!inside_) {
        frame_offset_ = next_frame_;
        sample_.reset();
    }
    sample_.keep(input);
    return sample_.view();
}

decoded frame_progress::fail(errc code, complaint why) {
    if (why.guess.empty()) why.guess = looks_like_protocol(sample_.view());
    failure_ = {code, offset_, with_guess(std::move(why.words), why.guess)};
    return {.what = step::failed};
}

wire_error frame_progress::truncation(bytes missing) const {
    return {errc::frame_truncated, offset_,
            fmt::format("the stream ended after {} bytes of payload, without {}: {}",
                        payload_bytes_, quote(missing), quote(sample_.view()))};
}

}  // namespace framewire
