#pragma once

#include "framewire/session/session.hpp"

#include <concepts>
#include <cstdint>
#include <optional>

namespace framewire {

// Every byte passes through this loop: the decoder is chosen once for all frames of the input.
template <std::predicate<const piece&, std::uint64_t> Take>
std::optional<event> session::next(Take take) {
    if (over_ || failure_) return rest();
    if (delivered_) drop_assembly();
    const bool lends = is_canonical_ && held_.empty();
    bool continues = true;
    const auto take_frames = [&](auto& decoder) -> decoded {
        while (continues && may_decode()) {
            const auto* const start = input_.data();
            const auto found = decoder.next(input_);
            if (found.what != step::piece || !found.piece.whole()) return found;
            const auto size = decoder.offset() - decoder.frame_offset();
            const bool is_here = lends && start + size == input_.data();
            latest_payload_ = found.piece.payload.data();
            latest_size_ = found.piece.payload.size();
            latest_frame_ = is_here ? bytes(start, size) : bytes();
            budget_.spend(found.piece.payload.size());
            continues = take(found.piece, decoder.frame_offset());
        }
        return {};
    };
    while (continues && may_decode()) {
        const auto found = decoder_.visit(take_frames);
        if (found.what == step::need_more) continue;
        if (auto event = event_for(found)) return event;
    }
    return continues ? rest() : std::nullopt;
}

// Adjacent frames are lent together.
inline bool session::lend_frame() noexcept {
    if (lent_.data() + lent_.size() != latest_frame_.data()) return begin_lending();
    lent_ = {lent_.data(), lent_.size() + latest_frame_.size()};
    return true;
}

}  // namespace framewire
