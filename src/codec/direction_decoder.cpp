#include "framewire/codec/direction_decoder.hpp"

#include <utility>

namespace framewire {

direction_decoder::direction_decoder(const framing& frames, std::uint64_t payload_bytes_max)
    : payload_bytes_max_(payload_bytes_max), decoder_(frames.decoder(payload_bytes_max)) {
    begin(frames, true);
}

void direction_decoder::begin(const framing& frames, bool takes_first) {
    const auto* const first = takes_first ? frames.first() : nullptr;
    const auto offset = decoder_.offset();
    decoder_ = (first != nullptr ? *first : frames).decoder(payload_bytes_max_);
    decoder_.start_at(offset);
    if (first == nullptr) return;
    next_ = frames;
    takes_first_ = false;
    awaits_frame_ = true;
}

void direction_decoder::use(const framing& frames) {
    next_ = frames;
    takes_first_ = true;
    if (decoder_.phase() == frame_phase::between_frames) awaits_frame_ = false;
}

// Changes before a frame, not after one: a piece may be in the decoder that it replaces.
decoded direction_decoder::next(bytes& input) {
    if (next_ && !awaits_frame_ && decoder_.phase() == frame_phase::between_frames) {
        const auto frames = *std::exchange(next_, {});
        begin(frames, takes_first_);
    }
    const auto found = decoder_.next(input);
    const bool is_end =
        found.what == step::skipped || (found.what == step::piece && found.piece.last);
    if (is_end) awaits_frame_ = false;
    return found;
}

}  // namespace framewire
