#pragma once

#include "framewire/codec/detail/value_decoder.hpp"
#include "framewire/core/quote.hpp"

#include <fmt/format.h>

namespace framewire {

template <value_scanner Scanner>
decoded value_decoder<Scanner>::next(bytes& input) {
    if (has_failed()) return {.what = step::failed};
    if (!inside()) {
        pass_spaces(input);
        if (input.empty()) return {.wanted = 1};
        begin_frame(offset_);
        scanner_.reset();
    }
    while (true) {
        // One byte more than there is room for decides that a value is too large.
        const auto most = room();
        const auto seen = most < input.size() ? input.substr(0, most + 1) : input;
        const auto found = scanner_.advance(seen, most);
        offset_ += found.taken;
        if (found.error) return fail_value(*found.error, input, found.taken);
        const auto taken = input.substr(0, found.taken);
        if (!found.complete) sample_.keep(taken);
        input.remove_prefix(found.taken);
        if (!admit(found.data.size())) return fail_size(found.complete ? taken : bytes{});
        const auto ready = deliver(found.data, found.complete);
        if (ready.what != step::need_more) return ready;
        if (input.empty()) return {.wanted = scanner_.wanted()};
    }
}

template <value_scanner Scanner>
void value_decoder<Scanner>::pass_spaces(bytes& input) noexcept {
    if constexpr (spaced_scanner<Scanner>) {
        while (!input.empty() && Scanner::is_space(input.front())) {
            take(input, 1);
        }
    }
}

// How many bytes the payload may still have.
template <value_scanner Scanner>
std::uint64_t value_decoder<Scanner>::room() const noexcept {
    return limit_.may_skip_late() ? unknown_length - 1 : limit_.payload_bytes_max - payload_bytes_;
}

template <value_scanner Scanner>
decoded value_decoder<Scanner>::fail_value(errc code, bytes seen, std::size_t right) {
    if (code == errc::frame_too_large) return fail_size(seen);
    sample_.keep(seen);
    auto guess = looks_like_protocol(sample_.view());
    if constexpr (recognising_scanner<Scanner>) {
        if (guess.empty()) guess = Scanner::recognise(sample_.view());
    }
    return fail(
        code, offset_,
        fmt::format("{} where {} was expected{}{}", quote(seen.substr(right), sample::bytes_max),
                    scanner_.expectation(), guess.empty() ? "" : "; ", guess));
}

template <value_scanner Scanner>
decoded value_decoder<Scanner>::fail_size(bytes seen) {
    sample_.keep(seen);
    return fail(errc::frame_too_large, frame_offset_,
                fmt::format("{} of more than the {} bytes allowed: {}", Scanner::name,
                            limit_.payload_bytes_max, quote(sample_.view())));
}

template <value_scanner Scanner>
wire_error value_decoder<Scanner>::truncation() const {
    return {errc::frame_truncated, offset_,
            fmt::format("the stream ended after {} bytes of {}, before {}: {}", payload_bytes_,
                        Scanner::name, scanner_.expectation(), quote(sample_.view()))};
}

}  // namespace framewire
