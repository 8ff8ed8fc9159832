#include "framewire/codec/detail/decoder_state.hpp"

#include "framewire/codec/detail/diagnosis.hpp"
#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {

decoded decoder_state::fail(errc code, std::uint64_t offset, std::string words) {
    failure_ = std::make_shared<const wire_error>(wire_error{code, offset, std::move(words)});
    return {.what = step::failed};
}

decoded counting_state::deliver(bytes data, bool last) noexcept {
    if (last) {
        place_ = place::between;
        if (std::exchange(skipping_, false)) {
            return {.what = step::skipped, .piece = {.announced = payload_bytes_}};
        }
    } else if (skipping_ || data.empty()) {
        return {};
    }
    const bool first = std::exchange(first_, false);
    return {.what = step::piece, .piece = {.payload = data, .first = first, .last = last}};
}

wire_error counting_state::truncated_before(bytes end) const {
    return {errc::frame_truncated, offset_,
            fmt::format("the stream ended after {} bytes of payload, without {}: {}",
                        payload_bytes_, quote(end), quote(sample_.view()))};
}

decoded counting_state::fail_endless(bytes end) {
    const auto guess = looks_like_protocol(sample_.view());
    return fail(
        errc::frame_too_large, frame_offset_,
        fmt::format("{} is not ended by {} within the {} bytes allowed{}{}", quote(sample_.view()),
                    quote(end), limit_.payload_bytes_max, guess.empty() ? "" : "; ", guess));
}

}  // namespace framewire
