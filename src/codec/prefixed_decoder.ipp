#pragma once

#include "framewire/codec/detail/diagnosis.hpp"
#include "framewire/codec/detail/prefixed_decoder.hpp"
#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace framewire {

// The header has arrived and is valid, and the frame is not whole or its end is to be found.
template <length_header Header>
decoded prefixed_decoder<Header>::next_after(bytes& input, std::size_t head,
                                             std::uint64_t length) {
    begin_payload(length);
    const auto rest = input.substr(head);
    const auto taken = payload_.take(rest);
    const bool fits = taken <= limit_.payload_bytes_max;
    if (payload_.complete() && fits && trailer_size() == 0) {
        place_ = place::between;
        return take_frame(input, head + taken, {rest.substr(0, taken), length});
    }
    frame_offset_ = offset_;
    sample_.reset();
    sample_.keep(input.substr(0, head));
    take(input, head);
    return read_payload(input, taken);
}

template <length_header Header>
decoded prefixed_decoder<Header>::next_piece(bytes& input) {
    if (place_ == place::failed) return {.what = step::failed};
    while (true) {
        if (place_ == place::between || place_ == place::header) {
            if (const auto pending = read_header(input)) return *pending;
        }
        // Built where the caller wants it: a copy would wait for what was stored just before.
        if (!may_join()) {
            return place_ == place::payload ? read_payload(input, payload_.take(input))
                                            : read_trailer(input, {});
        }
        // Fragments have no trailer, and an empty one may be followed by the rest of its payload.
        const auto found = read_payload(input, payload_.take(input));
        const bool is_next = found.what == step::need_more && place_ == place::header;
        if (!is_next || input.empty()) return found;
    }
}

template <length_header Header>
std::optional<decoded> prefixed_decoder<Header>::read_header(bytes& input) {
    if (input.empty()) return decoded{.wanted = header_.wanted()};
    if (place_ == place::between) {
        frame_offset_ = offset_;
        sample_.reset();
        place_ = place::header;
    }
    const auto header_offset = offset_ - header_.taken();
    const auto found = header_.advance(input, length_max());
    if (found.error) return fail_header(*found.error, header_offset, input);
    offset_ += found.taken;
    if (!found.complete) {
        sample_.keep(input);
        input = {};
        return decoded{.wanted = header_.wanted()};
    }
    auto head = input.substr(0, found.taken);
    // The payload follows once it is read.
    if (!sample_.view().empty()) {
        sample_.keep(head);
        head = sample_.view();
    } else if (!is_whole(input, found.taken)) {
        sample_.keep(head);
    }
    if (header_.length() > limit_.trusted_bytes_max && begins_protocol(head)) {
        sample_.keep(sample_.view().empty() ? input : input.substr(found.taken));
        return refuse_other_protocol();
    }
    input.remove_prefix(found.taken);
    if constexpr (header_with_meaning<Header>) {
        if (const auto field = header_.idle()) {
            header_.reset();
            place_ = place::between;
            return decoded{
                .what = step::piece,
                .piece = {.payload = "", .announced = 0, .idle = true, .field = *field}};
        }
    }
    begin_payload(header_.length());
    header_.reset();
    if constexpr (header_with_lead<Header>) {
        if (header_.lead_size() > 0) return deliver_lead(head);
    }
    return std::nullopt;
}

// True if the payload that the header announces is certainly there.
template <length_header Header>
bool prefixed_decoder<Header>::is_whole(bytes input, std::size_t head) const noexcept {
    auto length = header_.length();
    if constexpr (header_with_lead<Header>) length -= header_.lead_size();
    return payload_.unit() == counting::in_bytes && input.size() - head >= length;
}

// What is above all that is usual, and begins like another protocol, is not a length.
template <length_header Header>
decoded prefixed_decoder<Header>::refuse_other_protocol() {
    offset_ = frame_offset_ + header_.taken();
    auto guess = looks_like_protocol(sample_.view());
    if (guess.empty()) guess = looks_like_text(sample_.view());
    return fail_for_good(
        errc::frame_too_large, frame_offset_,
        fmt::format("{} announces {} bytes; {}", quote(sample_.view()), header_.length(), guess));
}

// `head` begins with the frame. A payload that is lead and nothing else is
// delivered whole, as no other byte may follow.
template <length_header Header>
std::optional<decoded> prefixed_decoder<Header>::deliver_lead(bytes head) {
    if constexpr (header_with_lead<Header>) {
        const auto size = header_.lead_size();
        payload_.pass(size);
        if (skipping_) return std::nullopt;
        const auto lead = head.substr(header_.lead_at(), size);
        if (!payload_.complete()) return deliver(lead, false, announced_payload());
        place_ = place::trailer;
        trailer_taken_ = 0;
        if constexpr (header_with_trailer<Header>) {
            if (header_.trailer_size() > 0) return deliver(lead, false, announced_payload());
        }
        return finish_frame(lead);
    }
    return std::nullopt;
}

template <length_header Header>
void prefixed_decoder<Header>::begin_payload(std::uint64_t length) noexcept {
    payload_.begin(length);
    place_ = place::payload;
    if (!joins_) {
        first_ = true;
        skipping_ = length > limit_.payload_bytes_max;
    } else if (joined_bytes_ + length > limit_.payload_bytes_max) {
        skipping_ = true;
    }
}

// Of the length in a header. A frame may be skipped from its header on, and later only if its
// pieces can be dropped.
template <length_header Header>
std::uint64_t prefixed_decoder<Header>::length_max() const noexcept {
    const bool skips =
        !joins_ || skipping_ ? limit_.beyond == oversize::skip : limit_.may_skip_late();
    return (skips ? unknown_length - 1 : limit_.payload_bytes_max) - joined_bytes_;
}

// The first `taken` bytes are the payload's, and counted.
template <length_header Header>
decoded prefixed_decoder<Header>::read_payload(bytes& input, std::size_t taken) {
    const auto data = input.substr(0, taken);
    if (!payload_.complete()) sample_.keep_at(offset_ - frame_offset_, data);
    offset_ += taken;
    if (!skipping_ && payload_.bytes_taken() > limit_.payload_bytes_max) {
        if (!limit_.may_skip_late()) {
            return fail_for_good(errc::frame_too_large, frame_offset_,
                                 fmt::format("{} characters are more than {} bytes",
                                             payload_.length(), limit_.payload_bytes_max));
        }
        skipping_ = true;
    }
    if (!payload_.valid()) {
        return fail_for_good(errc::frame_utf8, offset_,
                             fmt::format("{} is not UTF-8, and this framing counts characters",
                                         quote(input.substr(taken), 4)));
    }
    input.remove_prefix(taken);
    if (!payload_.complete()) {
        if (skipping_ || data.empty()) return {.wanted = payload_.wanted()};
        return deliver(data, false, announced_payload());
    }
    place_ = place::trailer;
    trailer_taken_ = 0;
    return read_trailer(input, data);
}

// `data` is the end of a payload, which is delivered once its trailer is known to be valid.
template <length_header Header>
decoded prefixed_decoder<Header>::read_trailer(bytes& input, bytes data) {
    if constexpr (header_with_trailer<Header>) {
        const auto size = header_.trailer_size();
        while (trailer_taken_ < size && !input.empty()) {
            if (!header_.accepts_in_trailer(input.front(), trailer_taken_)) {
                return fail_for_good(
                    errc::frame_syntax, offset_,
                    fmt::format("{} where the frame should end", quote(input, 4)));
            }
            input.remove_prefix(1);
            ++offset_;
            ++trailer_taken_;
        }
        if (trailer_taken_ < size) {
            sample_.keep_at(offset_ - trailer_taken_ - data.size() - frame_offset_, data);
            if (skipping_ || data.empty()) return {.wanted = size - trailer_taken_};
            return deliver(data, false, announced_payload());
        }
    }
    return finish_frame(data);
}

template <length_header Header>
decoded prefixed_decoder<Header>::finish_frame(bytes data) {
    if constexpr (header_with_meaning<Header>) {
        if (header_.continues()) return finish_fragment(data);
    }
    place_ = place::between;
    const auto joined = std::exchange(joined_bytes_, 0);
    if (std::exchange(skipping_, false)) {
        joins_ = false;
        return {.what = step::skipped, .piece = {.announced = joined + payload_.length()}};
    }
    const auto announced = announced_payload();
    joins_ = false;
    return deliver(data, true, announced);
}

template <length_header Header>
decoded prefixed_decoder<Header>::finish_fragment(bytes data) {
    place_ = place::header;
    sample_.reset();
    joins_ = true;
    joined_bytes_ += payload_.length();
    if (skipping_ || data.empty()) return {.wanted = header_.wanted()};
    return deliver(data, false, announced_payload());
}

template <length_header Header>
decoded prefixed_decoder<Header>::deliver(bytes data, bool last, std::uint64_t announced) {
    const bool first = std::exchange(first_, false);
    return {.what = step::piece, .piece = {data, announced, first, last}};
}

template <length_header Header>
decoded prefixed_decoder<Header>::fail_header(errc code, std::uint64_t header_offset, bytes rest) {
    sample_.keep(rest);
    offset_ = header_offset + header_.taken();
    const auto seen = sample_.view();
    const auto found =
        code == errc::frame_too_large
            ? fmt::format("{} announces more than the {} bytes allowed", quote(seen),
                          limit_.payload_bytes_max)
            : fmt::format("{} where {} were expected", quote(seen), header_.expectation());
    return fail_for_good(code, code == errc::frame_too_large ? frame_offset_ : offset_,
                         found + recognise(code, seen));
}

template <length_header Header>
decoded prefixed_decoder<Header>::fail_for_good(errc code, std::uint64_t offset,
                                                std::string words) {
    place_ = place::failed;
    return fail(code, offset, std::move(words));
}

// Guesses what was sent instead of our header: the end of a sentence, or empty.
template <length_header Header>
std::string prefixed_decoder<Header>::recognise(errc code, bytes beginning) const {
    auto guess = looks_like_protocol(beginning);
    if constexpr (recognising_header<Header>) {
        const auto plausible = std::min(limit_.payload_bytes_max, 16 * MiB);
        if (guess.empty()) {
            guess = header_.recognise(
                {beginning, code, plausible, frames_follow(beginning, plausible), frame_offset_});
        }
    }
    return guess.empty() ? std::string() : fmt::format("; {}", guess);
}

// True if from some offset on, frames follow one another up to the end of what is known.
template <length_header Header>
bool prefixed_decoder<Header>::frames_follow(bytes beginning, std::uint64_t length_max) const {
    for (std::size_t start = 1; start < beginning.size(); ++start) {
        if (is_made_of_frames(beginning.substr(start), length_max)) return true;
    }
    return false;
}

// One frame is enough if it ends exactly there, or if its header is conclusive by itself.
template <length_header Header>
bool prefixed_decoder<Header>::is_made_of_frames(bytes rest, std::uint64_t length_max) const {
    for (bool convinced = false;; convinced = true) {
        auto header = header_;
        header.reset();
        const auto found = header.advance(rest, length_max);
        if (!found.complete || found.taken < 2 || header.length() == 0) return false;
        rest.remove_prefix(found.taken);
        if constexpr (requires { Header::is_telling(found.taken); }) {
            convinced = convinced || Header::is_telling(found.taken);
        }
        auto length = header.length();
        if constexpr (header_with_lead<Header>) length -= header.lead_size();
        if (rest.size() < length) return convinced;
        rest.remove_prefix(static_cast<std::size_t>(length));
        if constexpr (header_with_trailer<Header>) {
            for (std::size_t at = 0; at < header.trailer_size() && !rest.empty(); ++at) {
                if (!header.accepts_in_trailer(rest.front(), at)) return false;
                rest.remove_prefix(1);
            }
        }
        if (rest.empty()) return true;
    }
}

template <length_header Header>
wire_error prefixed_decoder<Header>::truncation() const {
    if (place_ == place::header) {
        return {errc::frame_truncated, offset_,
                fmt::format("the stream ended after {} of {} header bytes: {}", header_.taken(),
                            header_.taken() + header_.wanted(), quote(sample_.view()))};
    }
    if (place_ == place::trailer) {
        return {errc::frame_truncated, offset_, "the stream ended before the frame's last byte"};
    }
    const bool is_in_bytes = payload_.unit() == counting::in_bytes;
    const auto* unit = is_in_bytes ? "bytes" : "characters";
    return {errc::frame_truncated, offset_,
            fmt::format("was expecting {} {} but only received {} {} before the socket closed",
                        payload_.length(), unit, payload_.units_taken(), unit)};
}

}  // namespace framewire
