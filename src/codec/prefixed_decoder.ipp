#pragma once

#include "framewire/codec/diagnosis.hpp"
#include "framewire/codec/prefixed_decoder.hpp"
#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {

template <length_header Header>
std::optional<decoded> prefixed_decoder<Header>::read_header(bytes& input) {
    if (input.empty()) return decoded{.wanted = header_.wanted()};
    if (header_.taken() == 0) {
        frame_offset_ = offset_;
        sample_size_ = 0;
    }
    const auto length_max =
        limit_.beyond == oversize::skip ? unknown_length - 1 : limit_.payload_bytes_max;
    const auto found = header_.advance(input, length_max);
    offset_ += found.taken;
    if (found.error) return fail(*found.error, input);
    if (!found.complete) {
        keep_sample(input);
        input = {};
        return decoded{.wanted = header_.wanted()};
    }
    input.remove_prefix(found.taken);
    payload_.begin(header_.length());
    header_.reset();
    in_payload_ = true;
    first_ = true;
    skipping_ = payload_.length() > limit_.payload_bytes_max;
    return std::nullopt;
}

template <length_header Header>
decoded prefixed_decoder<Header>::read_payload(bytes& input) {
    const auto taken = payload_.take(input);
    const auto part = input.substr(0, taken);
    offset_ += taken;
    if (!skipping_ && payload_.bytes_taken() > limit_.payload_bytes_max) {
        return fail_payload(errc::frame_too_large, frame_offset_,
                            fmt::format("{} characters are more than {} bytes", payload_.length(),
                                        limit_.payload_bytes_max));
    }
    if (!payload_.valid()) {
        return fail_payload(errc::frame_utf8, offset_,
                            fmt::format("{} is not UTF-8, and this framing counts characters",
                                        quote(input.substr(taken), 4)));
    }
    input.remove_prefix(taken);
    const bool last = payload_.complete();
    if (last) in_payload_ = false;
    if (last && std::exchange(skipping_, false)) {
        return {.what = step::skipped, .part = {.announced = payload_.length()}};
    }
    if (skipping_ || (part.empty() && !last)) return {.wanted = payload_.wanted()};
    const bool first = std::exchange(first_, false);
    return {.what = step::part, .part = {part, payload_.length(), first, last}};
}

template <length_header Header>
decoded prefixed_decoder<Header>::fail(errc code, bytes rest) {
    keep_sample(rest);
    const bytes sample(sample_.data(), sample_size_);
    const auto guess = looks_like(sample);
    const auto found =
        code == errc::frame_too_large
            ? fmt::format("{} announces more than the {} bytes allowed", quote(sample),
                          limit_.payload_bytes_max)
            : fmt::format("{} where {} were expected", quote(sample), header_.expectation());
    failure_ = wire_error{code, code == errc::frame_too_large ? frame_offset_ : offset_,
                          guess.empty() ? found : fmt::format("{}; {}", found, guess)};
    return {.what = step::failed};
}

template <length_header Header>
decoded prefixed_decoder<Header>::fail_payload(errc code, std::uint64_t offset,
                                               std::string words) {
    failure_ = wire_error{code, offset, std::move(words)};
    return {.what = step::failed};
}

template <length_header Header>
void prefixed_decoder<Header>::keep_sample(bytes taken) noexcept {
    const auto kept = taken.substr(0, sample_.size() - sample_size_);
    kept.copy(sample_.data() + sample_size_, kept.size());
    sample_size_ = static_cast<std::uint8_t>(sample_size_ + kept.size());
}

template <length_header Header>
wire_error prefixed_decoder<Header>::truncation() const {
    if (!in_payload_) {
        return {errc::frame_truncated, offset_,
                fmt::format("the stream ended after {} of {} header bytes: {}", header_.taken(),
                            header_.taken() + header_.wanted(),
                            quote(bytes(sample_.data(), sample_size_)))};
    }
    const auto* unit = payload_.unit() == counting::in_bytes ? "bytes" : "characters";
    return {errc::frame_truncated, offset_,
            fmt::format("was expecting {} {} but only received {} {} before the socket closed",
                        payload_.length(), unit, payload_.units_taken(), unit)};
}

}  // namespace framewire
